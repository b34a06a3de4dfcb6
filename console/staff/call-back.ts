// A visitor to be called back, named on one page and taken up by the workbench, which is there on every page of an agent.
import { signal } from '@preact/signals'

/** Set by whoever shows a visitor seen before; the workbench opens its dialog and sets it back to null. */
export const callBack = signal<{ visitor: string; access: string } | null>(null)
