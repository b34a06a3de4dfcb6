// The button that a host puts on its pages: opens the visitor's page in a frame that may use camera and microphone. Served with its access point filled in.
(() => {
  const access = __ACCESS__
  const script = document.currentScript
  const known = (window.Twinline ??= {})
  if (!access.enabled || known[access.id]) return

  const language = access.language === 'auto' ? document.documentElement.lang || navigator.language : access.language
  const words = /^zh\b/i.test(language) ? { open: '视频客服', close: '收起', title: '视频通话' } : { open: 'Video call', close: 'Hide', title: 'Video call' }

  // Styles are set property by property: no host's content policy forbids that, and none of its rules reaches inside.
  const make = (tag, style, attributes = {}) => {
    const element = document.createElement(tag)
    Object.assign(element.style, style)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    return element
  }
  const root = make('div', { position: 'fixed', right: '20px', bottom: '20px', zIndex: '2147483000' })
  const shadow = root.attachShadow({ mode: 'closed' })
  const button = make('button', {
    width: '56px', height: '56px', border: '0', borderRadius: '50%', padding: '14px', cursor: 'pointer', color: '#fff', background: access.theme, boxShadow: '0 4px 16px rgb(0 0 0 / 25%)',
  }, { type: 'button', 'aria-label': words.open, 'aria-expanded': 'false', title: words.open })
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  icon.setAttribute('viewBox', '0 0 24 24')
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  shape.setAttribute('fill', 'currentColor')
  shape.setAttribute('d', 'M3 6h11a2 2 0 0 1 2 2v2.2l4.4-2.9A1 1 0 0 1 22 8.1v7.8a1 1 0 0 1-1.6.8L16 13.8V16a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z')
  icon.append(shape)
  button.append(icon)
  shadow.append(button)

  let panel = null
  /** What this site says of its visitor, signed by its server; asked for when it is needed, as it is good for minutes only. */
  const token = async () => {
    const url = script?.dataset.tokenUrl
    if (!url) return ''
    const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store' })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
    return (await answer.text()).trim()
  }
  const frame = async () => {
    const small = matchMedia('(max-width: 520px)').matches
    panel = make('iframe', {
      position: 'fixed', border: '0', background: '#fff', colorScheme: 'normal',
      ...(small ? { inset: '0', width: '100%', height: '100%' } : { right: '20px', bottom: '92px', width: '400px', height: 'min(680px, calc(100vh - 112px))', borderRadius: '12px', boxShadow: '0 8px 32px rgb(0 0 0 / 25%)' }),
    }, { allow: 'camera; microphone; autoplay; fullscreen', title: words.title })
    shadow.prepend(panel)
    if (small) Object.assign(button.style, { position: 'relative', zIndex: '1' })
    const says = await token().catch((problem) => { console.error('Twinline:', problem); return '' })
    // After the #, so that it is in no server's log.
    panel.src = `${access.origin}/v/${encodeURIComponent(access.id)}${says ? `#host=${encodeURIComponent(says)}` : ''}`
  }
  /** Hidden, a call goes on. */
  const show = (open) => {
    if (open && !panel) void frame()
    if (panel) panel.style.display = open ? 'block' : 'none'
    button.setAttribute('aria-expanded', String(open))
    button.setAttribute('aria-label', open ? words.close : words.open)
    button.title = open ? words.close : words.open
  }
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') !== 'true'))
  document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') show(false) })
  known[access.id] = { open: () => show(true), close: () => show(false) }

  const place = () => document.body.append(root)
  if (document.body) place()
  else addEventListener('DOMContentLoaded', place)
})()
