import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import { ProblemNotice } from './Notice.tsx';

interface Props {
  /** What the button says, and what the dialog's own says again. */
  action: string;
  title: string;
  /** What will happen, in one or two sentences. */
  consequence: ComponentChildren;
  /** What must be entered first, if anything: a label, and whether a text will do. */
  demand?: { label: string; accepts: (text: string) => boolean };
  /** Does it, with the text that was demanded; what it returns is shown as the outcome. */
  run: (text: string) => Promise<ComponentChildren>;
  /** Called once it has been done. */
  onDone?: () => void;
  disabled?: boolean;
  dangerous?: boolean;
}

/** A button for something that can't be taken back at a keystroke: it asks first, and shows what came of it. */
export function Operation(props: Props) {
  const { action, onDone, disabled, dangerous } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // The dialog speaks of what was asked for, also when doing it has changed what the button would do next.
  const [asked, setAsked] = useState(props);
  const { title, consequence, demand } = asked;
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<ComponentChildren>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const open = (): void => {
    setAsked(props);
    setText('');
    setOutcome(null);
    setProblem(null);
    dialog.current?.showModal();
  };
  const close = (): void => dialog.current?.close();
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy || (demand && !demand.accepts(text))) return;
    setBusy(true);
    setProblem(null);
    try {
      setOutcome(await asked.run(text.trim()));
      onDone?.();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <button type="button" class={dangerous ? 'button button-danger' : 'button'} disabled={disabled} onClick={open}>
        {action}
      </button>
      <dialog ref={dialog} class="dialog" aria-labelledby={id}>
        <form noValidate onSubmit={(event) => void submit(event)}>
          <h2 id={id}>{title}</h2>
          {outcome === null ? (
            <div class="dialog-text">{consequence}</div>
          ) : (
            <div class="notice notice-good" role="status">
              {outcome}
            </div>
          )}
          {demand && outcome === null && (
            <div class="field">
              <label for={`${id}-text`}>{demand.label}</label>
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
                disabled={demand && !demand.accepts(text)}
                aria-disabled={busy}
              >
                {busy ? 'Working…' : asked.action}
              </button>
            )}
            <button type="button" class="button" onClick={close}>
              {outcome === null ? 'Cancel' : 'Close'}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
