// A button that copies a text.
import { Copy } from 'lucide-preact'
import { Button } from '../shell/button.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import { t } from './text.ts'

export function Copied({ text, label, testid }: { text: string; label: string; testid: string }) {
  // Only on secure pages; elsewhere the text is selected by hand.
  if (!navigator.clipboard) return null
  return <Button size="small" icon={Copy} data-testid={testid} onClick={() => { navigator.clipboard.writeText(text).then(() => toast('ok', t('members.copied')), toastError) }}>{label}</Button>
}
