// Addresses of the visitor's page and what they say.
import { expect, test } from 'vitest'
import { arrival } from './arrival.ts'

const at = (path: string) => arrival(new URL(path, 'https://calls.example.com'))

test.each([
  ['/v/web', { access: 'web', called: null, host: null, clean: null }],
  ['/v/a%3Ab', { access: 'a:b', called: null, host: null, clean: null }],
  ['/v/%', { access: '%', called: null, host: null, clean: null }],
  ['/v/web#call=a.b-c_d', { access: 'web', called: 'a.b-c_d', host: null, clean: '/v/web' }],
  ['/v/web#host=h.i.j', { access: 'web', called: null, host: 'h.i.j', clean: '/v/web' }],
  ['/v/web?token=h.i.j', { access: 'web', called: null, host: 'h.i.j', clean: '/v/web' }],
  ['/v/web?token=old#host=new', { access: 'web', called: null, host: 'new', clean: '/v/web' }],
  ['/v/web#anything', { access: 'web', called: null, host: null, clean: null }],
])('%s', (path, said) => expect(at(path)).toEqual(said))
