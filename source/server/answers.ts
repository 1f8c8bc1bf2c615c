// Answers that are given again where somebody asks for the same twice, because the first answer was lost on the way (Idempotency-Key).
import type {ServerChange, ServerLedger} from '../ledger/server-ledger.ts';
import type {User} from './accounts.ts';
import {problem} from './problem.ts';

export interface Answer {
	readonly status: number;
	readonly location: string;
	readonly answer: object;
}

const MAX_KEY = 255;

export class Answers {
	readonly #ledger: ServerLedger;

	constructor(ledger: ServerLedger) {
		this.#ledger = ledger;
	}

	/** A text in quotes, as the draft of the header has it, or without them. `null`: there is none. */
	keyOf(header: string | readonly string[] | undefined): string | null {
		if (header === undefined) return null;
		const key = typeof header === 'string' ? header.replace(/^"(.*)"$/s, '$1') : '';
		if (key === '' || key.length > MAX_KEY)
			throw problem('BAD_KEY', 'Expected one Idempotency-Key of 1 to 255 characters.');
		return key;
	}

	/** @throws {Problem} 422 where the same key came with something else. */
	find({id}: User, key: string, fingerprint: Buffer): Answer | null {
		const row = this.#ledger.get(
			'SELECT fingerprint, status, answer FROM answers WHERE account = ? AND key = ?',
			id,
			key,
		);
		if (row === undefined) return null;
		if (!fingerprint.equals(row.fingerprint as Uint8Array))
			throw problem('KEY_REUSED', 'Send another Idempotency-Key with another request.');
		const {location, answer} = JSON.parse(String(row.answer)) as Pick<Answer, 'location' | 'answer'>;
		return {status: Number(row.status), location, answer};
	}

	/** To be written in the transaction of what it tells of. */
	change({id}: User, key: string, fingerprint: Buffer, {status, location, answer}: Answer): ServerChange {
		return {
			statement: 'addAnswer',
			values: [id, key, fingerprint, status, JSON.stringify({location, answer}), Date.now()],
		};
	}

	/** Of one whose subject is gone, so that the key is free again. */
	removal({id}: User, key: string): ServerChange {
		return {statement: 'removeAnswer', values: [id, key]};
	}
}
