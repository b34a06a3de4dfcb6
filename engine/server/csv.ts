// Tables for spreadsheets (RFC 4180): what is text stays text.

/** So that spreadsheets read the rest as UTF-8. */
export const CSV_START = '\uFEFF'

/** One line. A text that a spreadsheet would take for a formula is led by an apostrophe. */
export const csvLine = (cells: readonly (string | number | boolean)[]): string => `${cells.map((cell) => (typeof cell === 'string' ? text(cell) : String(cell))).join(',')}\r\n`

function text(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
