// METRICS.md, written from the catalogue: what people read is what is computed.
import { formulaText, METRICS, metricsOf, nameOf, type Metric, type ReportName } from './catalogue.ts'
import { DIMENSIONS, FILTERS, hasDimension, isTime, type Dimension } from './dimensions.ts'
import { FACT_NAMES, FACTS } from './facts.ts'

const UNITS = { count: '个', ms: '毫秒 ms', ratio: '比率' } as const
const row = (...cells: string[]): string => `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`
const table = (head: string[], rows: string[][]): string => [row(...head), row(...head.map(() => '---')), ...rows.map((r) => row(...r))].join('\n')

const report = (name: ReportName): string => table(['id', '中文', 'English', '定义 Definition', '算式 Formula', '单位 Unit', 'v'], metricsOf(name).map((id) => {
  const m: Metric = METRICS[id]
  return [`\`${nameOf(id)}\``, m.zh, m.en, `${m.definition.zh}<br>${m.definition.en}`, `\`${formulaText(m.formula)}\``, UNITS[m.unit], String(m.version)]
}))

const dimensions = (): string => table(['id', '中文', 'English', '事实 Facts that know it'], (Object.keys(DIMENSIONS) as Dimension[]).map((d) =>
  [`\`${d}\``, DIMENSIONS[d].zh, DIMENSIONS[d].en, isTime(d) ? '全部 all' : FACT_NAMES.filter((f) => hasDimension(f, d)).join(', ')]))

const facts = (): string => FACT_NAMES.map((f) => `### ${f} · ${FACTS[f].zh}\n\n${FACTS[f].en}. Key: ${FACTS[f].key.join(', ')}.\n\n${table(['column', 'type', '中文', 'English'], Object.entries(FACTS[f].columns).map(([name, c]) => [`\`${name}\``, c.type, c.zh, c.en]))}`).join('\n\n')

/** The document as Markdown, the same for the same catalogue. */
export const document = (): string => `# 指标 Metrics

Made from \`catalogue.ts\` by \`npm run -s metrics -- catalogue > analytics/metrics/METRICS.md\`. Do not edit.

The ${metricsOf('slots').length + metricsOf('agents').length} metrics by time slot and by agent are the literal reading of a commercial video contact centre's statistics (source: seed); those by queue are the trade's.

**Instants** (UTC ms): R the request was made · F the first R of the same contact · I an offer was made · A it was accepted · C the call was connected · E it ended · X the request was closed as abandoned_queue or abandoned_ring · Q a stay in a queue began.
The instant of a loss is when the lost party was last seen, for X, E and the end of a login; what was stated of a lost agent's status and work after it is cut there. An agent's part in a call ends with the call.

**Rules**
1. Slot = the slot of R (basis *cohort*), of a stay in a queue the slot of Q, half-open [start, end), in the report's IANA time zone. A day on which clocks change has 46 to 50 half hours; a time that comes twice is marked B the second time (02:00B).
2. Login, statuses, work and the agents' talk time are cut at slot bounds; average talk uses whole calls. A gap after a call counts in the slot where it ends.
3. Averages come from sums; the longest is the longest of all parts. Where there is nothing to divide by, the value is null (–), never 0.
4. T is 10 000 ms unless asked otherwise, inclusive; nothing is rounded before it is compared. Rounding, half up, is for display only.
5. *inbound*: inbound requests only, unless the session type is filtered. Other metrics count all directions; the filter narrows them. Outbound requests and callbacks have a session type of their own; a callback is a request from when it is due, of the contact that asked for it.
6. Skill group = the group that the request was routed to first, wherever it waits later; by queue, the group whose queue it is. I and A are those of the request's own offers (auto, pick, direct); offers to whom it is transferred, or who is invited, are rows of the same fact and never own. An offer that was cancelled because the visitor left stays an offer received.
7. A filter that a metric lacks leaves it as it is, and the report says so; the skill group selects the time agents were its members. A split by a dimension that a metric lacks is refused.
8. A call that is handed on is one call: E - C from first to last, also while the visitor waits for the next agent alone. Each agent has the time he was in it himself, in the role agent; who listens, whispers or speaks as a supervisor has none. Of the agents, those who were there at its end have its ending, the others *left before the end*.
9. Overflow, transfers and invitations are stays in queues, not requests. The visitor who leaves the queue of a transfer abandons that stay; his request was answered and is no abandon.
10. What is still open is counted up to the last fact known (*data as of*); a row is provisional (\\*) while a request of its cohort waits, rings, connects or talks.

## 分时段 By time slot (\`slots\`)

${report('slots')}

## 客服工作量 By agent (\`agents\`)

In queries their ids begin with \`agent.\`: several names mean another thing here than by time slot.

${report('agents')}

## 排队 By queue (\`queues\`)

In queries their ids begin with \`queue.\`.

${report('queues')}

## 恒等式 What must add up

Checked for every report, in every cell; a cell that fails is named.

1. requests = calls + abandons + every other outcome + open, per day × slot × channel × access point × routed group; by queue, entered = accepted + abandoned + timed out + overflowed + closed + waiting, per day × slot × channel × access point × queue.
2. answered within T + over T = accepted = accepted and connected + accepted and not connected; abandoned within T + over T = abandons; calls = ended by visitor, agent, supervisor, network, system + in progress; per agent: calls = ended by visitor + agent + others + left before the end + in progress.
3. 48 slots add up to 24 and to the day, for everything that adds up.
4. Per agent: the sum of status times = login time = the sum of work times.

## 维度 Dimensions

${dimensions()}

Filters: ${FILTERS.map((f) => `\`${f}\``).join(', ')}.

## 事实 Facts

The rows that metrics are computed from, filed under the UTC day of \`b15\`.

${facts()}
`
