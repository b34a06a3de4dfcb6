// `npm run -s admin -- …`: what whoever owns the machine may do without signing in, such as replace a password that is lost.
// Works beside a running Twinline, and without one.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { ConfigError, readConfig } from './config.ts'
import { openDatabase } from './postgres.ts'
import { hashPassword, MAX_PASSWORD, MIN_PASSWORD } from './server/auth.ts'
import { Accounts } from './store/accounts.ts'
import { connect } from './store/orm.ts'

const USAGE = `npm run -s admin -- password NAME [--typed]

  Gives the account NAME a new random password, printed once, and signs it out everywhere.
  为账号 NAME 设置新的随机密码（仅显示一次），并使其在各处退出登录。
  --typed   a password of your own instead: asked for, or the first line of standard input
            改用自定义密码：按提示输入，或取标准输入的第一行`

/** A sentence for whoever typed the command. */
class Refusal extends Error {}

const say = (line: string): void => { process.stderr.write(`${line}\n`) }

async function setPassword(name: string, password: string): Promise<number> {
  const { dataFolder, databaseUrl } = readConfig()
  // Never a new, empty database because of a mistyped folder.
  if (!databaseUrl && !existsSync(join(dataFolder, 'postgres'))) throw new Refusal(`There is no Twinline in ${dataFolder}; TWINLINE_DATA names the folder, DATABASE_URL a database of your own.`)
  const database = await openDatabase({ dataFolder, databaseUrl })
  try {
    const db = await connect(database.url)
    try {
      const accounts = new Accounts(db)
      const ended = await accounts.setPassword(name, await hashPassword(password))
      if (ended === null) throw new Refusal(`There is no account "${name}"; there are: ${(await accounts.list()).map((account) => account.name).join(', ') || 'none'}.`)
      return ended
    } finally {
      await db.close()
    }
  } finally {
    await database.close()
  }
}

/** Never from the command line, where other users of the machine can read it. */
async function typedPassword(): Promise<string> {
  const terminal = process.stdin.isTTY
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const input = createInterface({ input: process.stdin, output: silent, terminal })
  input.once('SIGINT', () => process.exit(130))
  const line = async (question: string): Promise<string> => {
    if (terminal) process.stderr.write(question)
    const answer = await Promise.race([input.question(''), new Promise<string>((settle) => input.once('close', () => settle('')))])
    if (terminal) say('')
    return answer
  }
  const password = await line('New password 新密码: ')
  if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD) throw new Refusal(`A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`)
  if (terminal && (await line('Once more 再次输入: ')) !== password) throw new Refusal('The two differ; nothing was changed.')
  input.close()
  return password
}

async function main([command, name, ...flags]: string[]): Promise<void> {
  if (command !== 'password' || !name || name.startsWith('-') || flags.some((flag) => flag !== '--typed')) throw new Refusal(USAGE)
  const typed = flags.includes('--typed')
  const password = typed ? await typedPassword() : randomBytes(15).toString('base64url')
  const account = name.toLowerCase()
  const ended = await setPassword(account, password)
  say(`"${account}" has a new password; sign-ins ended: ${ended}. 已设置新密码，并结束 ${ended} 处登录。`)
  if (!typed) process.stdout.write(`${password}\n`)
}

try {
  await main(process.argv.slice(2))
} catch (problem) {
  if (!(problem instanceof Error)) throw problem
  const expected = problem instanceof Refusal || problem instanceof ConfigError
  say(expected ? problem.message : `The password was not changed: ${problem.message}`)
  process.exit(expected ? 2 : 1)
}
