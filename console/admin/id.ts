// Ids of new things: short, as they stand in logs and exports for good.

/** Such as `g-3f9a0c12de`: forty bits, so that in a plan of thousands no two meet. */
export const freshId = (prefix: string): string => `${prefix}-${[...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
