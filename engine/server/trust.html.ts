// The page that says how to trust this installation's own certificate authority: static, bilingual, without script.
import type { Authority } from '../tls.ts'

/** Something to serve at a path with GET. */
export interface StaticReply {
  path: string
  contentType: string
  body: string
}

/** The page, its style and the authority's certificate, to be mounted where the certificate is self-made (and only there). */
export function trustPages({ cert, fingerprint }: Authority): StaticReply[] {
  return [
    { path: '/trust', contentType: 'text/html; charset=utf-8', body: page(fingerprint) },
    { path: '/trust/style.css', contentType: 'text/css; charset=utf-8', body: style },
    // With this type phones and Firefox offer to install it; the name matters to Windows and macOS.
    { path: '/trust/twinline-ca.crt', contentType: 'application/x-x509-ca-cert', body: cert },
  ]
}

interface Words {
  lang: string
  title: string
  why: string
  compare: string
  download: string
  once: string
  steps: [system: string, what: string][]
  visitors: string
}

const words: Words[] = [
  {
    lang: 'zh',
    title: '信任本机证书',
    why: '浏览器只在加密的网页上提供摄像头和麦克风。这台服务器没有公开签发的证书，它为局域网自建了一个证书颁发机构。请先核对指纹，再下载并信任它；只需做一次，以后证书更新时无需重复。',
    compare: '指纹（SHA-256）须与服务器启动时显示的一致，否则请勿继续：',
    download: '下载证书',
    once: '在各系统上安装',
    steps: [
      ['Windows（Chrome、Edge）', '双击文件 → 安装证书 → 本地计算机 → 将所有的证书都放入下列存储 → 受信任的根证书颁发机构。'],
      ['macOS（Chrome、Safari）', '双击文件加入“钥匙串访问” → 双击“Twinline …” → 信任 → 使用此证书时：始终信任。'],
      ['iPhone、iPad', '用 Safari 下载 → 设置 → 已下载描述文件 → 安装；再到 设置 → 通用 → 关于本机 → 证书信任设置 中打开“Twinline …”。'],
      ['Android', '设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书 → 选择该文件。'],
      ['Linux（Chrome）', '设置 → 隐私和安全 → 安全 → 管理证书 → 导入，勾选“信任该证书以标识网站”。'],
      ['Firefox', '设置 → 隐私与安全 → 查看证书 → 证书颁发机构 → 导入，勾选“信任由此证书颁发机构来标识网站”。'],
    ],
    visitors: '面向公众的访客无法逐一安装证书：对外服务请使用公开签发的证书，或置于带证书的反向代理之后。',
  },
  {
    lang: 'en',
    title: 'Trust this server’s certificate',
    why: 'Browsers give camera and microphone to encrypted pages only. This server has no publicly issued certificate and made a certificate authority of its own for your network. Compare the fingerprint, then download and trust it: once, since later certificates come from the same authority.',
    compare: 'The fingerprint (SHA-256) must be the one that the server printed when it started; if it is not, stop here:',
    download: 'Download the certificate',
    once: 'Install it',
    steps: [
      ['Windows (Chrome, Edge)', 'Double-click the file → Install Certificate → Local Machine → Place all certificates in the following store → Trusted Root Certification Authorities.'],
      ['macOS (Chrome, Safari)', 'Double-click the file to add it to Keychain Access → double-click “Twinline …” → Trust → When using this certificate: Always Trust.'],
      ['iPhone, iPad', 'Download it in Safari → Settings → Profile Downloaded → Install; then Settings → General → About → Certificate Trust Settings, and turn on “Twinline …”.'],
      ['Android', 'Settings → Security → Encryption & credentials → Install a certificate → CA certificate → choose the file.'],
      ['Linux (Chrome)', 'Settings → Privacy and security → Security → Manage certificates → Import, and tick “Trust this certificate for identifying websites”.'],
      ['Firefox', 'Settings → Privacy & Security → View Certificates → Authorities → Import, and tick “Trust this CA to identify websites”.'],
    ],
    visitors: 'Visitors from the public cannot be asked to do this: for them use a publicly issued certificate, or a reverse proxy that has one.',
  },
]

const page = (fingerprint: string) => `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Twinline · ${words.map(({ title }) => title).join(' · ')}</title>
<link rel="stylesheet" href="/trust/style.css">
</head>
<body>
${words.map((each) => section(each, fingerprint)).join('\n')}
</body>
</html>
`

const section = ({ lang, title, why, compare, download, once, steps, visitors }: Words, fingerprint: string) => `<section lang="${lang}">
<h1>${title}</h1>
<p>${why}</p>
<p>${compare}</p>
<p><code>${fingerprint.replaceAll(':', ':<wbr>')}</code></p>
<p><a class="button" href="/trust/twinline-ca.crt">${download}</a></p>
<h2>${once}</h2>
<dl>
${steps.map(([system, what]) => `<dt>${system}</dt><dd>${what}</dd>`).join('\n')}
</dl>
<p class="note">${visitors}</p>
</section>`

const style = `:root { color-scheme: light dark; --ink: light-dark(#1a2230, #e8ecf2); --soft: light-dark(#5b6678, #9aa5b5); --line: light-dark(#dde2ea, #323a47); --accent: light-dark(#1f5fd6, #7db0ff); }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem 4rem; font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); background: light-dark(#fff, #14181f); }
section + section { margin-top: 3rem; padding-top: 2rem; border-top: 1px solid var(--line); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
code { display: block; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; font: .9rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.button { display: inline-block; padding: .55rem 1.1rem; border-radius: .5rem; background: var(--accent); color: light-dark(#fff, #10151d); text-decoration: none; font-weight: 600; }
.button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
dl { margin: 0; display: grid; grid-template-columns: minmax(9rem, auto) 1fr; }
dt, dd { margin: 0; padding: .6rem 0; border-top: 1px solid var(--line); }
dt { padding-right: 1.5rem; font-weight: 600; }
.note { color: var(--soft); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dd { border-top: 0; padding-top: 0; } }
`
