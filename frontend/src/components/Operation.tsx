import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import { ProblemNotice } from './Notice.tsx';
import './Dialog.css';

interface Props {
  /** The label of the button, and of the one in the dialog. */
  action: string;
  title: string;
  /** What will happen, in one or two sentences. */
  consequence: ComponentChildren;
  /** A text that must be entered first: its label, and whether a text is accepted. */
  prompt?: { label: string; accepts: (text: string) => boolean };
  /** Does it, with the entered text; the returned content is shown as the outcome. */
  run: (text: string) => Promise<ComponentChildren>;
  /** Called once it has succeeded and the dialog is closed, in whichever order: what it reloads may take this button away, and the outcome with it. */
  onDone?: () => void;
  disabled?: boolean;
  dangerous?: boolean;
}

/** A button for something with consequences: a dialog asks for confirmation first and shows the outcome. */
export function Operation(props: Props) {
  // The dialog is about the operation as it was when opened, even when running it changes the button's next one.
  const [opened, setOpened] = useState<Props | null>(null);
  return (
    <>
      <button
        type="button"
        class={props.dangerous ? 'button button-danger' : 'button'}
        disabled={props.disabled}
        onClick={() => setOpened(props)}
      >
        {props.action}
      </button>
      {opened && <OperationDialog {...opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** One run, from the question to the outcome: once it is closed, what comes of its run is shown nowhere. */
function OperationDialog({ action, title, consequence, prompt, run, onDone, dangerous, onClose }: Props & { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<ComponentChildren>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy || (prompt && !prompt.accepts(text))) return;
    setBusy(true);
    setProblem(null);
    try {
      setOutcome(await run(text.trim()));
      if (!dialog.current?.open) onDone?.();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  const close = (): void => {
    onClose();
    if (outcome !== null) onDone?.();
  };

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <h2 id={id}>{title}</h2>
        {outcome === null ? <div class="dialog-text">{consequence}</div> : <div role="status">{outcome}</div>}
        {prompt && outcome === null && (
          <div class="field">
            <label for={`${id}-text`}>{prompt.label}</label>
            <input
              id={`${id}-text`}
              type="text"
              autocomplete="off"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </div>
        )}
        {problem && <ProblemNotice problem={problem} />}
        <div class="actions">
          {outcome === null && (
            <button
              type="submit"
              class={dangerous ? 'button button-danger' : 'button button-primary'}
              disabled={prompt && !prompt.accepts(text)}
              aria-disabled={busy}
            >
              {busy ? 'Working…' : action}
            </button>
          )}
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {busy ? 'Close (it continues)' : outcome === null ? 'Cancel' : 'Close'}
          </button>
        </div>
      </form>
    </dialog>
  );
}
