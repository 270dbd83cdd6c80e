import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { isToken } from './session.ts';
import './SignIn.css';

/** The form for the token. `refused`: the API didn't accept the previous one. */
export function SignIn({ refused, onToken }: { refused: boolean; onToken: (token: string) => void }) {
  const [text, setText] = useState('');
  const [mistyped, setMistyped] = useState(false);

  useEffect(() => {
    const before = document.title;
    document.title = 'Sign in · Job Change';
    return () => {
      document.title = before;
    };
  }, []);

  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = text.trim();
    setMistyped(!isToken(token));
    if (isToken(token)) onToken(token);
  };

  const problem = mistyped
    ? 'A token is one word of plain letters, digits and signs. Copy it whole, without spaces.'
    : refused
      ? 'This token is not valid or has expired. Ask for a new one and enter it here.'
      : null;

  return (
    <form class="card sign-in" noValidate onSubmit={submit}>
      <h1>Sign in</h1>
      <p class="lead">
        The address that the demo prints signs you in by itself. Otherwise enter your token; it is stored
        in the tabs of this page only and forgotten when you close the last of them.
      </p>
      {problem && (
        <p class="notice notice-error" role="alert" id="token-error">
          {problem}
        </p>
      )}
      <div class="field">
        <div class="field-head">
          <label for="token">Token</label>
        </div>
        <input
          id="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          required
          value={text}
          aria-invalid={problem !== null}
          aria-describedby={problem ? 'token-error' : undefined}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button button-primary">
        Sign in
      </button>
    </form>
  );
}
