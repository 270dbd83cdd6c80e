// The build follows this pattern, so a new test file needs no entry anywhere.
import.meta.glob('./**/*.test.ts', { eager: true });
