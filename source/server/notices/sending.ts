// What one attempt to send a notice needs, and what comes of it.
import type {AnyNoticeType} from './notice.ts';

export interface Sending {
	/** `https:`, or `mailto:` with one address. */
	readonly url: string;
	/** What it is signed with; the newest one first. */
	readonly secrets: readonly string[];
	readonly notice: {
		/** The same in all attempts, so that a receiver knows what it has already. */
		readonly id: string;
		readonly type: AnyNoticeType;
		/** JSON. */
		readonly body: string;
	};
	readonly signal: AbortSignal;
}

export interface Sent {
	/** Of HTTP or SMTP; `null`: there was no answer. */
	readonly status: number | null;
	/** A sentence; `null`: it has arrived. */
	readonly fault: string | null;
	/** The receiver asks to wait so long; 0: it does not. */
	readonly retryAfterMs: number;
	/** The receiver wants nothing more, ever. */
	readonly isGone: boolean;
}

/** @throws {Error} The reason of the signal, when it is aborted. */
export type Send = (sending: Sending) => Promise<Sent>;
