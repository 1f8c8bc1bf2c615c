// The server's stream of events, read by `fetch`: EventSource gives up for good after any answer that is no stream.

import {type EventBlock, EventBlocks} from '../../client/event-blocks.ts';
import {problemOf} from '../api/problem.ts';

export type LinkState = 'connecting' | 'live' | 'reconnecting' | 'stopped';

export interface StreamFace {
	readonly onBlocks: (blocks: readonly EventBlock[]) => void;
	readonly onState: (state: LinkState) => void;
	/** The session has ended. */
	readonly onSignedOut: () => void;
}

const PATH = '/api/v1/events';
/** The server shows every 15 s that it is there. */
const SILENCE_MS = 45_000;
const LONGEST_MS = 30_000;

/** Follows it until `signal` says to stop, from the event behind `after` on. */
export async function followStream(after: string | null, face: StreamFace, signal: AbortSignal): Promise<void> {
	let place = after;
	let failures = 0;
	face.onState('connecting');
	while (!signal.aborted) {
		let waitMs: number | null = null;
		try {
			const outcome = await readOnce(
				place,
				signal,
				blocks => {
					failures = 0;
					place = blocks.findLast(({id}) => id !== null)?.id ?? place;
					if (blocks.some(({name}) => name === 'reset')) place = null;
					face.onBlocks(blocks);
				},
				() => face.onState('live'),
			);
			if (outcome === 'signed-out') return face.onSignedOut();
			if (outcome === 'refused') return face.onState('stopped');
			waitMs = outcome;
		} catch {
			// A lost connection: it is made again.
		}
		if (signal.aborted) return;
		face.onState('reconnecting');
		failures++;
		const most = Math.min(LONGEST_MS, 500 * 2 ** Math.min(failures, 10));
		await pause(waitMs ?? 200 + Math.random() * most, signal);
	}
}

/** @returns How long to wait before the next try; `null`: as usual. */
async function readOnce(
	after: string | null,
	signal: AbortSignal,
	onBlocks: (blocks: readonly EventBlock[]) => void,
	onOpen: () => void,
): Promise<'signed-out' | 'refused' | number | null> {
	const silence = new AbortController();
	const giveUp = (): void => silence.abort();
	let timer = setTimeout(giveUp, SILENCE_MS);
	const noteSign = (): void => {
		clearTimeout(timer);
		timer = setTimeout(giveUp, SILENCE_MS);
	};
	// The browser knows sooner that the network is away.
	addEventListener('offline', giveUp);
	try {
		const query = after === null ? '' : `?after=${encodeURIComponent(after)}`;
		const response = await fetch(PATH + query, {signal: AbortSignal.any([signal, silence.signal])});
		if (!response.ok || response.body === null) {
			const problem = await problemOf(response);
			if (problem.status === 401) return 'signed-out';
			return problem.mayPass ? problem.retryAfterMs : 'refused';
		}
		onOpen();
		const blocks = new EventBlocks();
		const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
		for (;;) {
			const {done, value} = await reader.read();
			if (done) return null;
			noteSign();
			const complete = blocks.push(value);
			if (complete.length > 0) onBlocks(complete);
		}
	} finally {
		clearTimeout(timer);
		removeEventListener('offline', giveUp);
	}
}

/** Also ends when the network is there again. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		const end = (): void => {
			clearTimeout(timer);
			removeEventListener('online', end);
			resolve();
		};
		const timer = setTimeout(end, ms);
		addEventListener('online', end);
		signal.addEventListener('abort', end, {once: true});
	});
