// Logins that were begun, until the browser comes back from the provider. Where several servers share a ledger it may come back to another one: then what was
// begun comes along in its cookie, sealed, and nothing is kept. Of use once is it there, too: the provider gives nothing for a code that it has seen.
import {createCipheriv, createDecipheriv, createHash, randomBytes} from 'node:crypto';
import {createSecret, hashSecret} from '../ids.ts';
import type {Challenge} from './provider.ts';

/** A browser that has been sent to the provider. */
export interface BegunLogin extends Challenge {
	readonly redirectUri: string;
	/** Where it goes afterwards. */
	readonly to: string;
	readonly at: number;
}

export interface BegunLogins {
	/** @returns What its cookie is: nobody else finishes it. */
	readonly keep: (begun: BegunLogin) => string;
	/** `null`: it was not begun in this browser, or too long ago. */
	readonly take: (state: string, cookie: string) => BegunLogin | null;
}

const BEGUN_MS = 10 * 60_000;
/** A flood of them takes some megabytes. */
const MAX_BEGUN = 10_000;

export class KeptLogins implements BegunLogins {
	/** The oldest first, by the state. */
	readonly #begun = new Map<string, BegunLogin & {readonly browser: string}>();

	keep(begun: BegunLogin): string {
		const cookie = createSecret('');
		this.#forgetOld();
		this.#begun.set(begun.state, {...begun, browser: keyOf(cookie)});
		return cookie;
	}

	take(state: string, cookie: string): BegunLogin | null {
		this.#forgetOld();
		const begun = this.#begun.get(state);
		if (begun === undefined || begun.browser !== keyOf(cookie)) return null;
		// Each is of use once, whatever comes of it.
		this.#begun.delete(state);
		return begun;
	}

	#forgetOld(): void {
		for (const [state, {at}] of this.#begun) {
			if (Date.now() - at <= BEGUN_MS && this.#begun.size < MAX_BEGUN) break;
			this.#begun.delete(state);
		}
	}
}

const keyOf = (cookie: string): string => hashSecret(cookie).toString('hex');

const CIPHER = 'aes-256-gcm';
const [NONCE_BYTES, TAG_BYTES] = [12, 16];

export class SealedLogins implements BegunLogins {
	readonly #key: Buffer;

	/** @param secret - That all instances know. */
	constructor(secret: string) {
		this.#key = createHash('sha256').update(`logins by a provider ${secret}`).digest();
	}

	keep(begun: BegunLogin): string {
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv(CIPHER, this.#key, nonce);
		const sealed = Buffer.concat([cipher.update(JSON.stringify(begun)), cipher.final()]);
		return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
	}

	take(state: string, cookie: string): BegunLogin | null {
		const begun = this.#open(Buffer.from(cookie, 'base64url'));
		return begun === null || begun.state !== state || Date.now() - begun.at > BEGUN_MS ? null : begun;
	}

	#open(bytes: Buffer): BegunLogin | null {
		if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
		const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES));
		decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
		try {
			const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
			return JSON.parse(text.toString()) as BegunLogin;
		} catch {
			// Somebody else has made it.
			return null;
		}
	}
}
