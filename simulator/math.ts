// Logarithm and exponential made of IEEE additions, multiplications and divisions only. ECMAScript leaves Math.log, exp and
// pow to each engine and their last bits differ; these give the same bits everywhere, so one seed is one day in every engine.
// The method and constants are those of fdlibm (e_log.c, e_exp.c, Sun Microsystems 1993), error below one unit in the last place.

const f64 = new Float64Array(1)
const u32 = new Uint32Array(f64.buffer)
/** Which half of a double holds its sign and exponent on this machine. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/** 2^(1023 - i): what scales a number of exponent i - 1023 to about one. */
const SCALE = new Float64Array(2048)
for (let i = 0, power = 2 ** 1023; i < SCALE.length; i++, power /= 2) SCALE[i] = power
const LN2_HIGH = 6.93147180369123816490e-01
const LN2_LOW = 1.90821492927058770002e-10

/** Natural logarithm of a positive normal number; NaN below zero, -Infinity at zero. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  let k = 0
  if (x < 2.2250738585072014e-308) { x *= 18014398509481984; k = -54 }
  f64[0] = x
  const high = u32[HIGH]!
  // x = 2^e (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2). Scaling by a power of two is exact, and faster than building the double from its halves.
  const e = (high >>> 20) - 1023 + (((high & 0xfffff) + 0x95f64) >>> 20)
  const f = x * SCALE[e + 1023]! - 1
  k += e
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
  const even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
  const r = odd + even
  const half = 0.5 * f * f
  return k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
}

/** e to the power x. */
export function exp(x: number): number {
  if (x !== x) return x
  if (x > 709.782712893383973096) return Infinity
  if (x < -745.13321910194110842) return 0
  const k = Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5))
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))))
  const y = 1 - ((low - (r * c) / (2 - c)) - high)
  // Two steps keep results below the normal range right.
  const k1 = k < -1000 ? k + 1000 : k > 1000 ? k - 1 : k
  return k1 === k ? y * powerOfTwo(k) : y * powerOfTwo(k1) * powerOfTwo(k - k1)
}

/** 2 to the whole power k, -1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  u32[HIGH] = (k + 1023) << 20
  u32[1 - HIGH] = 0
  return f64[0]!
}
