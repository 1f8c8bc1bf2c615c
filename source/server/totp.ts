// Codes that change with the time (RFC 6238), as apps for logins show them: six digits, for thirty seconds each, by HMAC-SHA-1, which all apps know.
import {createHmac, timingSafeEqual} from 'node:crypto';

export const STEP_MS = 30_000;
const DIGITS = 6;
/** Clocks differ, and typing takes time: also the code in front of the present one and the next one count. */
const TOLERANCE_STEPS = 1;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @param step - How many times thirty seconds have passed since 1970. */
export function totpOf(secret: Uint8Array, step: number): string {
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(step));
	const digest = createHmac('sha1', secret).update(counter).digest();
	const offset = (digest.at(-1) ?? 0) & 15;
	const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
	return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
@param usedStep - No code of it, or of an earlier one, counts: each is of use once.
@returns The step that a code is of; `null`: of none.
*/
export function stepOfCode(secret: Uint8Array, code: string, now: number, usedStep: number): number | null {
	const given = Buffer.from(code);
	const present = Math.floor(now / STEP_MS);
	for (let step = present - TOLERANCE_STEPS; step <= present + TOLERANCE_STEPS; step++) {
		const right = Buffer.from(totpOf(secret, step));
		if (step > usedStep && given.length === right.length && timingSafeEqual(given, right)) return step;
	}
	return null;
}

/** What apps read from a picture, or what is typed into them. */
export const totpUri = (secret: Uint8Array, account: string): string =>
	`otpauth://totp/fileproc-tui:${encodeURIComponent(account)}?secret=${toBase32(secret)}&issuer=fileproc-tui`;

/** RFC 4648, without padding. */
export function toBase32(bytes: Uint8Array): string {
	let [text, bits, count] = ['', 0, 0];
	for (const byte of bytes) {
		bits = (bits << 8) | byte;
		for (count += 8; count >= 5; count -= 5) text += ALPHABET[(bits >> (count - 5)) & 31] ?? '';
		bits &= 0xff;
	}
	return count === 0 ? text : text + (ALPHABET[(bits << (5 - count)) & 31] ?? '');
}
