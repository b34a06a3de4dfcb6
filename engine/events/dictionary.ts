// EVENTS.md, made from the catalogue: `node engine/events/dictionary.ts` writes it; a test sees to it that it is up to date.
import { writeFileSync } from 'node:fs'
import { CATALOGUE, type EventType } from './catalogue.ts'
import { ACTORS, SCHEMA_VERSION, type EventOf } from './event.ts'
import { OUTCOMES } from './outcome.ts'
import { PlanSchema } from './plan.ts'

/** The catalogue's sections by the fact they begin with. */
export const SECTIONS: Partial<Record<EventType, { zh: string; en: string }>> = {
  'plan.changed': { zh: '方案与引擎', en: 'Plan and engine' },
  'request.created': { zh: '请求与访客', en: 'Requests and visitors' },
  'queue.entered': { zh: '排队与派单决策', en: 'Queues and decisions' },
  'offer.created': { zh: '派单', en: 'Offers' },
  'participant.joined': { zh: '通话', en: 'Calls' },
  'wrapup.started': { zh: '话后处理', en: 'Wrap-up' },
  'agent.loggedIn': { zh: '坐席', en: 'Agents' },
  'summary.filed': { zh: '小结、评价与同意', en: 'Summary, rating and consent' },
}

const ENVELOPE: [field: keyof EventOf<EventType>, type: string, zh: string, en: string][] = [
  ['seq', 'integer ≥ 1', '序号，同一 run 内从 1 起连续', 'Number of the fact in its run: from 1, without a gap'],
  ['at', 'UTC ms', '发生时刻，从不倒退', 'When it was stated; never decreases'],
  ['run', 'string', '所属运行：live 为真实通话，sim-… 为仿真', 'Which run it belongs to: `live` are real calls, `sim-…` simulated ones'],
  ['v', 'integer ≥ 1', '写入时的模式版本', `Schema version it was written in; today ${SCHEMA_VERSION}`],
  ['plan', 'integer ≥ 0', '当时生效的方案版本，0 为尚无', 'Plan version in force; 0: none yet'],
  ['cmd', 'string', '引起它的命令编号', 'Id of the command that caused it; facts of one command follow each other'],
  ['by', ACTORS.map((a) => `\`${a}\``).join(' '), '由谁引起', 'Whose doing it is'],
  ['type', 'one of the types below', '事实类型', 'What kind of fact'],
  ['data', 'object', '该类型的字段，见下', 'The fields of that type, below; no others'],
]

/** The fact that the document shows as an example. */
export const EXAMPLE: EventOf<'offer.accepted'> = {
  seq: 41, at: 1_790_000_012_345, run: 'live', v: SCHEMA_VERSION, plan: 3, cmd: 'ann/s1/7', by: 'agent', type: 'offer.accepted', data: { offer: 'r-1/1', request: 'r-1', agent: 'ann' },
}

/** What of a JSON schema this dictionary can put into words. */
interface Schema {
  type?: string; enum?: readonly string[]; description?: string; minimum?: number; maximum?: number; maxLength?: number; maxItems?: number
  anyOf?: readonly Schema[]; items?: Schema; properties?: Record<string, Schema>; required?: readonly string[]; patternProperties?: Record<string, Schema>
}

/** A schema in words. Throws where it has none for it, so that no field is described wrongly. */
export function words(schema: Schema): string {
  if (schema as object === PlanSchema) return 'a whole plan (`plan.ts`)'
  if (schema === CATALOGUE['request.closed'].data.properties.outcome) return 'one of the outcomes below'
  if (schema.description !== undefined) return schema.description
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(' ')
  if (schema.anyOf) return schema.anyOf.map((s) => (s.type === 'null' ? 'null' : words(s))).join(' or ')
  const { type, minimum: min, maximum: max, maxLength, maxItems } = schema
  switch (type) {
    case 'boolean': return 'boolean'
    case 'string': return maxLength === undefined ? 'string' : `string ≤ ${maxLength}`
    case 'integer': return max !== undefined ? `integer ${min ?? 0}–${max}` : min === undefined ? 'integer' : `integer ≥ ${min}`
    case 'array': return `list${maxItems === undefined ? '' : ` ≤ ${maxItems}`} of ${words(schema.items!)}`
    case 'object': {
      const [each] = Object.values(schema.patternProperties ?? {})
      return each ? `map of string → ${words(each)}` : `{ ${fields(schema).join('; ')} }`
    }
    default: throw new Error(`no words for ${JSON.stringify(schema)}`)
  }
}

const fields = ({ properties = {}, required = [] }: Schema): string[] =>
  Object.entries(properties).map(([name, schema]) => `\`${name}\`${required.includes(name) ? '' : '?'} ${words(schema)}`)

const table = (head: string[], rows: string[][]): string => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** The document as Markdown: the same for the same catalogue. */
export function dictionary(): string {
  const parts: { title: string; types: EventType[] }[] = []
  for (const type of Object.keys(CATALOGUE) as EventType[]) {
    const section = SECTIONS[type]
    if (section) parts.push({ title: `${section.zh} ${section.en}`, types: [] })
    parts.at(-1)!.types.push(type)
  }
  const facts = (types: EventType[]): string => table(['type', '中文', 'meaning', 'data'],
    types.map((type) => [`\`${type}\``, CATALOGUE[type].zh, CATALOGUE[type].en, fields(CATALOGUE[type].data as Schema).join('<br>')]))
  return `# 事件 Events

Everything Twinline can state: ${Object.keys(CATALOGUE).length} kinds of facts. Made from \`catalogue.ts\` by \`node engine/events/dictionary.ts\`; edit the catalogue.

A fact is stated once, in the past tense, and never changed. The log of a run is the list of its facts by \`seq\`; the state, the records,
the boards and every metric are folds over it. What people write (notes, comments) is kept beside the log, where it can be deleted.

## 信封 Envelope

${table(['field', 'type', '中文', 'meaning'], ENVELOPE.map(([field, ...cells]) => [`\`${field}\``, ...cells]))}

\`\`\`json
${JSON.stringify(EXAMPLE)}
\`\`\`

\`?\` marks a field that may be missing. \`lastSeen\` stands on what the clock states of a lost party: when it was last known to be there; reports
end waits, calls and logins at that instant. Reading a log, \`parseEvent\` (event.ts) refuses unknown types and fields, and a newer schema than its own.

${parts.map(({ title, types }) => `## ${title}\n\n${facts(types)}\n`).join('\n')}
## 结果 Outcomes

How a request can end (\`request.closed\`); the first one in the log wins. \`answered\` holds exactly when the log has a \`call.connected\` for the request.

${table(['outcome', '中文', 'English'], Object.entries(OUTCOMES).map(([outcome, { zh, en }]) => [`\`${outcome}\``, zh, en]))}
`
}

if (import.meta.main) writeFileSync(new URL('EVENTS.md', import.meta.url), dictionary())
