// The bounds of the border: what one page, one address and all of them together may take, each with its reason.
import { MAX_FRAME_BYTES } from '#wire/messages.ts'

/** Sockets at once; each costs about 12 KiB, and a centre of a thousand agents has a few thousand visitors. */
export const MAX_SOCKETS = 20_000
/** Frames beyond this are not even read; between MAX_FRAME_BYTES and this the page is told `too_large`. */
export const MAX_PAYLOAD_BYTES = 4 * MAX_FRAME_BYTES
/** A page must say hello within this. */
export const HELLO_WITHIN_MS = 5_000
/** One ping a socket; a page that has not answered by the next one is gone. */
export const PING_EVERY_MS = 5_000
/** A ping round that comes later than this says more about us than about the pages: it closes nobody. */
export const STALLED_MS = 1_000
/** Messages of one socket: joining a call takes about a dozen at once, a person rarely more than one a second. */
export const MESSAGES_PER_SECOND = 20
export const MESSAGES_AT_ONCE = 100
/** Messages of one socket that are being worked on at the same time. */
export const MESSAGES_IN_HAND = 32
/** A view is not sent while this much of a socket waits to go out: the next one will be truer anyway. */
export const VIEW_BUFFER_BYTES = 64 * 1024
/** Above this a socket that does not read is cut. */
export const MAX_BUFFER_BYTES = 1024 * 1024
/** Places in a queue are told at most this often. */
export const PLACES_EVERY_MS = 1_000
/** Into so many parts of that time the workbenches of changed queues are divided. */
export const SLICES = 20
/** Views made in one go, so that a change which concerns thousands does not hold up the loop (264 ms for 9 000 in one go). */
export const VIEWS_AT_ONCE = 100
/** After goodbye a socket has this long to close by itself. */
export const GOODBYE_MS = 1_000

/** How long a visit's token starts a call. Less than the core remembers closed requests: an id is never used twice. */
export const VISIT_MS = 30 * 60_000
/** How long a visitor is rung who has yet to open a link: it is read, and then the page loads. */
export const LINK_WAIT_MS = 300_000
/** A guest or a supervisor whose page is gone leaves the call after this; a reload takes about two seconds. */
export const ASIDE_GRACE_MS = 15_000
/** Facts read in one go to explain a decision of the past. */
export const EXPLAIN_AT_ONCE = 20_000
/** Colleagues listed for a transfer. */
export const MAX_COLLEAGUES = 500
/** New visits of one address: an office or a campus behind one address may come at once, a flood is held. */
export const VISITS_PER_SECOND = 20
export const VISITS_AT_ONCE = 6_000

/** A sign-in lasts a long shift. */
export const SESSION_MS = 12 * 3_600_000
/** Wrong passwords for one name from one address, and from one address altogether, within SIGN_IN_WINDOW_MS. */
export const SIGN_IN_TRIES = 10
export const SIGN_IN_TRIES_PER_ADDRESS = 100
export const SIGN_IN_WINDOW_MS = 15 * 60_000
/** Passwords hashed at once (20 MiB and about 20 ms each), and how many may wait for it. */
export const HASHES_AT_ONCE = 2
export const HASHES_WAITING = 100

/** How far the records may be behind the log while nobody looks (190 k facts a second are caught up with). */
export const RECORDS_FOLLOW_MS = 10_000

/** Bodies of ordinary requests, and of a plan (twenty thousand agents are about 4 MiB). */
export const BODY_BYTES = 64 * 1024
export const PLAN_BYTES = 8 * 1024 * 1024
/** Addresses whose use is remembered; the longest unused is forgotten first. */
export const ADDRESSES = 50_000

/** A host's word about its visitor is good for this long, its clock may differ by HOST_TOKEN_SKEW_MS: time to open the page, not to pass it on. */
export const HOST_TOKEN_MS = 5 * 60_000
export const HOST_TOKEN_SKEW_MS = 30_000

/** The newest facts are kept in memory for those who follow; whoever is further behind reads the log. */
export const TAIL_FACTS = 2_000
/** Facts read, and sent, in one go. */
export const FACTS_AT_ONCE = 200
/** Facts looked at for one page of a filtered list: some 100 ms. */
export const FACTS_SCANNED = 10_000
/** Streams of facts at once, each with at most one batch in memory. */
export const MAX_STREAMS = 64
/** A stream in which nothing happens says so this often, and looks whether its reader still may. */
export const HEARTBEAT_MS = 15_000
/** A stream whose reader takes nothing for this long is cut. */
export const STREAM_STALLED_MS = 60_000
/** After the database was away, or another problem of our own. */
export const AGAIN_MS = 1_000

/** Subscriptions, and how many of them may be posting at the same time. */
export const MAX_WEBHOOKS = 100
export const POSTS_AT_ONCE = 8
/** Facts and bytes of one post; a single fact may be larger. */
export const POST_FACTS = 100
export const POST_BYTES = 512 * 1024
export const POST_TIMEOUT_MS = 10_000
/** After the first failure, doubled with each further one up to the last. */
export const POST_AGAIN_MS = 1_000
export const POST_AGAIN_MOST_MS = 5 * 60_000
/** The place of a subscription that wants none of the facts that pass is written down this often. */
export const PLACE_EVERY_MS = 30_000

/** Records read in one go for an export. */
export const EXPORT_AT_ONCE = 500
/** A domain verification is one line. */
export const SITE_FILE_BYTES = 1_024
export const MAX_SITE_FILES = 20
