"""Show a person in a terminal how the stack is: queues, latest files and runs, the champion."""

from infra import stack
from infra.drop import signed_in_page, table


def main() -> None:
    stack.environment()
    from jobchange import registry
    from jobchange.store import files, runs

    outputs = stack.template_outputs()
    print(f"{stack.current().name} at {stack.current().endpoint_url}, page {signed_in_page()}\n")
    print(f"champion  {registry.champion() or 'none yet (make train)'}")
    for label, queue in (
        ("to validate", "IngestQueue"),
        ("to score", "ScoreQueue"),
        ("failed to validate", "IngestDeadLetters"),
        ("failed to score", "ScoreDeadLetters"),
    ):
        found = stack.sqs().get_queue_attributes(QueueUrl=outputs[queue], AttributeNames=["All"])["Attributes"]
        waiting, running = found["ApproximateNumberOfMessages"], found["ApproximateNumberOfMessagesNotVisible"]
        print(f"{label:<19} {waiting:>5} waiting {running:>5} running")
    latest, _ = files.page(limit=10)
    print("\n" + (table(latest) if latest else "No files yet: make drop FILE=candidates.csv"))
    print()
    for run in runs.page(limit=8)[0]:
        counts = ", ".join(f"{name} {count}" for name, count in run["counts"].items())
        print(f"{run['started_at']}  {run['kind']:<8} {run['status']:<9} {run['reason'] or counts}")


if __name__ == "__main__":
    main()
