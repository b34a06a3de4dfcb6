// Saves a plan as a file, such as the simulator takes.

/** Hands the document to the browser under this file name. */
export function download(file: string, plan: object): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(plan, null, 2)], { type: 'application/json' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: file })
  link.click()
  // Once the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
