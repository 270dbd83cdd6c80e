"""Give a new stack its first champion; one that has a champion keeps it."""

from infra import stack, train


def main() -> None:
    stack.environment()
    from jobchange.store import models

    if version := models.aliases().champion:
        print(f"\nThe champion is {version}; make train trains another", flush=True)
    else:
        print(f"\nTraining the first model on {train.GENERATED_ROWS:,} generated candidates ...", flush=True)
        train.main([])


if __name__ == "__main__":
    main()
