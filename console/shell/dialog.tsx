// Dialogs: the browser's own modal <dialog>, which keeps the focus inside and closes on Escape.
import { X } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Button } from './button.tsx'
import { t } from './text.ts'

export interface DialogProps {
  title: string
  close: () => void
  wide?: boolean
  footer?: ComponentChildren
  children: ComponentChildren
}

/** A modal dialog, open as long as it is rendered. */
export function Dialog({ title, close, wide, footer, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = element.current
    if (!dialog) return
    const before = document.activeElement as HTMLElement | null
    dialog.showModal()
    return () => { dialog.close(); before?.focus?.() }
  }, [])
  return (
    <dialog ref={element} class={`dialog ${wide ? 'dialog-wide' : ''}`} aria-labelledby={heading} onCancel={(event) => { event.preventDefault(); close() }}>
      <header class="dialog-head">
        <h2 id={heading}>{title}</h2>
        <Button kind="quiet" icon={X} label={t('shell.close')} onClick={close} />
      </header>
      <div class="dialog-body">{children}</div>
      {footer && <footer class="dialog-foot">{footer}</footer>}
    </dialog>
  )
}

interface ConfirmProps { title: string; yes: string; busy: boolean; act: () => void; close: () => void; children: ComponentChildren }
/** Asks once more before something that cannot be taken back. */
export function Confirm({ title, yes, busy, act, close, children }: ConfirmProps) {
  return (
    <Dialog title={title} close={close} footer={<>
      <Button onClick={close}>{t('shell.cancel')}</Button>
      <Button kind="bad" busy={busy} data-testid="confirm" onClick={act}>{yes}</Button>
    </>}><p>{children}</p></Dialog>
  )
}
