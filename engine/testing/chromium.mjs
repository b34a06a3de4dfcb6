// Where the browser of the tests is. Plain JavaScript, because the installer asks too, on whatever Node the machine has.
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** TWINLINE_CHROMIUM, else one of the system, else the one that Playwright downloaded; undefined when there is none. */
export function chromiumPath() {
  if (process.env.TWINLINE_CHROMIUM) return process.env.TWINLINE_CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places].find(runs)
  if (found) return found
  const downloaded = createRequire(import.meta.url)('playwright-core').chromium.executablePath()
  return existsSync(downloaded) ? downloaded : undefined
}

function runs(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
