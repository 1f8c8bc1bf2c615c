// Names of things that others may be told: 128 random bits, so that nobody can guess one; and secrets of 256 bits.
import {createHash, randomBytes, randomInt} from 'node:crypto';

export type IdKind = 'f' | 'r' | 'u' | 't' | 'i' | 'w' | 'd' | 'b' | 'l' | 'm' | 'v' | 'g' | 'msg';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** As `f_4kq09xz1…`: a word for what it is, and 26 of 32 digits. */
export const createId = (kind: IdKind): string => `${kind}_${randomDigits(26)}`;

/** To be typed once: 100 random bits, as `4kq09-xz1ab-…`. */
export const createPassword = (): string => Array.from({length: 4}, () => randomDigits(5)).join('-');

/** Without vowels, so that it spells nothing, and without letters that look like digits. */
const CONSONANTS = 'BCDFGHJKLMNPQRSTVWXZ';

/** To be typed within minutes, as `BCDF-GHJK`: 34 random bits, which only those who are logged in can try, a few times. */
export function createUserCode(): string {
	const letters = Array.from({length: 8}, () => CONSONANTS[randomInt(CONSONANTS.length)]).join('');
	return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** @param count - At most 26: so many are in 16 bytes. */
function randomDigits(count: number): string {
	let bits = BigInt(`0x${randomBytes(16).toString('hex')}`);
	let text = '';
	for (let digit = 0; digit < count; digit++) {
		text += ALPHABET[Number(bits & 31n)] ?? '';
		bits >>= 5n;
	}
	return text;
}

export const createSecret = (prefix: string): string => prefix + randomBytes(32).toString('base64url');

/** What is kept of a secret. It has 256 random bits, so a fast hash is enough. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
