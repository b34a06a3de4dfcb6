// Shadow plan 影子方案: the draft asked beside the plan in force, what came of it, and how to ask it about a past day.
import { useSignal } from '@preact/signals'
import { Download, GitCompareArrows, Play, Square } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Badge } from '../shell/badge.tsx'
import { Button } from '../shell/button.tsx'
import { Confirm } from '../shell/dialog.tsx'
import { dateTime, either, number } from '../shell/i18n.ts'
import { Card, Empty, Notice } from '../shell/page.tsx'
import { sortOrder, Table, type Column } from '../shell/table.tsx'
import { toast, toastError } from '../shell/toast.tsx'
import { Copied } from './copied.tsx'
import { download } from './download.ts'
import type { Draft } from './draft.ts'
import { Section } from './parts.tsx'
import { candidateOf, documentOf, named, type Difference, type Shadow, type Told } from './shadow.ts'
import { RunDialog } from './shadow-run.tsx'
import { t } from './text.ts'

const FILE = 'plan-draft.json'
const COMMAND = `npm run -s sim -- replay --log live --day YYYY-MM-DD --plan ${FILE}`
const order = sortOrder('at', true)

export function ShadowPlan({ draft, shadow }: { draft: Draft; shadow: Shadow }) {
  useEffect(() => shadow.watch(), [])
  const asking = useSignal(false)
  const told = shadow.told.value
  const run = (words: string) => <Button kind={told ? 'plain' : 'primary'} icon={Play} disabled={!draft.plan.value} data-testid="shadow-run" onClick={() => { asking.value = true }}>{words}</Button>
  return (
    <div class="stack">
      <p class="field-hint">{t('shadow.text')}</p>
      {shadow.failed.value && <Notice tone={told === undefined ? 'bad' : 'warn'} action={<Button onClick={() => void shadow.refresh()}>{t('shell.retry')}</Button>}>{either(shadow.failed.value.words)}</Notice>}
      {told === null && <Card data-testid="shadow-none"><Empty icon={GitCompareArrows} title={t('shadow.none')}>{t('shadow.noneText')}</Empty><div class="shadow-begin">{run(t('shadow.run'))}</div></Card>}
      {told && <Running shadow={shadow} told={told} replace={run(t('shadow.runInstead'))} />}
      {told && <Differences draft={draft} told={told} />}
      <Past draft={draft} />
      {asking.value && <RunDialog draft={draft} shadow={shadow} close={() => { asking.value = false }} />}
    </div>
  )
}

function Running({ shadow, told, replace }: { shadow: Shadow; told: Told; replace: ComponentChildren }) {
  const asking = useSignal(false)
  const { name } = told
  const share = shadow.share.value
  const percent = share === null ? 0 : Math.round(share * 1000) / 10
  const stop = () => {
    const close = () => { asking.value = false }
    shadow.stop().then(() => { close(); toast('ok', t('shadow.stopped', { name })) }, (error: unknown) => { close(); toastError(error) })
  }
  return (
    <Card data-testid="shadow" class="shadow" title={<span class="shadow-name">{name}<Badge tone="ok">{t('shadow.running')}</Badge></span>} actions={<>
      {replace}<Button icon={Square} data-testid="shadow-stop" onClick={() => { asking.value = true }}>{t('shadow.stop')}</Button>
    </>}>
      <p class="quiet tabular">{t('shadow.since', { time: dateTime(told.since), n: told.version })}</p>
      <dl class="shadow-counts">
        <div><dt>{t('shadow.asked')}</dt><dd data-testid="shadow-asked">{number(told.asked)}</dd></div>
        <div><dt>{t('shadow.same')}</dt><dd data-testid="shadow-same">{number(told.same)}</dd></div>
        <div><dt>{t('shadow.different')}</dt><dd data-testid="shadow-different">{number(told.different)}</dd></div>
        <div title={t('shadow.droppedText')}><dt>{t('shadow.dropped')}</dt><dd data-testid="shadow-dropped">{number(told.dropped)}</dd></div>
      </dl>
      {share !== null && (
        <div class="shadow-share">
          <div aria-hidden="true"><span style={{ width: `${share * 100}%` }} /></div><span class="quiet tabular">{t('shadow.share', { share: number(percent) })}</span>
        </div>
      )}
      {asking.value && <Confirm title={t('shadow.stopTitle', { name })} yes={t('shadow.stop')} busy={shadow.busy.value} act={stop} close={() => { asking.value = false }}>{t('shadow.stopText', { name })}</Confirm>}
    </Card>
  )
}

function Differences({ draft, told }: { draft: Draft; told: Told }) {
  const [base, plan] = [draft.base.value, draft.plan.value]
  const columns: Column<Difference>[] = [
    { key: 'at', title: () => t('shadow.time'), cell: ({ at }) => <span class="tabular">{dateTime(at)}</span> },
    { key: 'request', title: () => t('shadow.request'), cell: ({ request }) => <code>{request}</code> },
    { key: 'live', title: () => t('shadow.live'), cell: (row) => <Side {...named(row, 'live', [base, plan])} /> },
    { key: 'candidate', title: () => t('shadow.candidate'), cell: (row) => <span class="shadow-other"><span aria-hidden="true">→</span><Side {...named(row, 'candidate', [plan, base])} /></span> },
    { key: 'reason', title: () => t('shadow.reason'), cell: ({ reason }) => either(reason) },
  ]
  return (
    <section class="card" aria-label={t('shadow.newest')} data-testid="shadow-newest">
      <header class="card-head"><h2>{t('shadow.newest')}</h2></header>
      <p class="shadow-about field-hint">{t('shadow.newestText')}</p>
      <Table name={t('shadow.newest')} columns={columns} rows={told.newest} rowKey={({ seq }) => String(seq)} order={order} empty={<p class="quiet">{t('shadow.noDifferences')}</p>} />
    </section>
  )
}

/** Whom it would have asked in which group, or which queue it leads to by which rule. */
function Side(said: ReturnType<typeof named>) {
  return 'who' in said
    ? <span class="shadow-side"><b>{said.who ?? t('shadow.nobody')}</b><span class="quiet">{said.group}</span></span>
    : <span class="shadow-side"><b>{said.group}{said.turned && <Badge tone="warn">{t(`admin.message.${said.turned}`)}</Badge>}</b><span class="quiet">{t('admin.rule')} · {said.rule ?? t('admin.defaultRule')}</span></span>
}

function Past({ draft }: { draft: Draft }) {
  const [base, plan, dirty] = [draft.base.value, draft.plan.value, draft.dirty.value]
  const save = () => { if (base && plan) download(FILE, documentOf(candidateOf(plan, base, dirty), Date.now())) }
  return (
    <Section title={t('shadow.past')} about={t('shadow.pastText')}
      actions={<Button icon={Download} disabled={!plan || draft.faults.value.size > 0} data-testid="shadow-download" onClick={save}>{t('shadow.download')}</Button>}>
      <div class="code-line"><code data-testid="shadow-command">{COMMAND}</code><Copied text={COMMAND} label={t('shadow.copyCommand')} testid="copy-command" /></div>
    </Section>
  )
}
