// What a server gives of an object, whatever it speaks.
import type {Readable} from 'node:stream';
import type {RetryRules} from './with-retries.ts';

export interface RangeAnswer {
	readonly body: Readable;
	/** Where in the object the body begins: 0 where the server knows no ranges. */
	readonly start: number;
	/** Of the whole object; `null` where the server does not say. */
	readonly size: number | null;
	/** Which version of the object it is; `null` where the server does not say. */
	readonly version: string | null;
	/** Whether it is the range that was asked for, and so others can be had. */
	readonly isRange: boolean;
}

export interface RangeRequest {
	readonly start: number;
	/** Behind the last byte. */
	readonly end: number;
	/** No other one is wanted; `null`: whichever there is. */
	readonly version: string | null;
	readonly signal: AbortSignal;
}

/** An object on another machine, of which ranges can be asked for. */
export interface RemoteObject {
	/** As people know it, without secrets. */
	readonly name: string;
	/**
	@throws {RemoteError} When it could not be had.
	@throws {InputError} When it is another version by now.
	*/
	readonly request: (range: RangeRequest) => Promise<RangeAnswer>;
	/** What an error means that came with a body. */
	readonly explain: (error: unknown) => Error;
	readonly retries?: RetryRules;
}
