"""The tables of DynamoDB, one module an entity, and the objects of the lake.

May use contract, statistics, aws.
"""
