"""The only rooms that know DynamoDB and S3: tables, the queries on them, and the objects of the lake."""
