// One stream for all tabs of a browser, which has six connections to a server and no more: the tab that holds the lock reads it and tells the
// others. When that tab is closed, the next one goes on from the last event that it was told.
import type {EventBlock} from '../../client/event-blocks.ts';
import {followStream, type LinkState, type StreamFace} from './event-stream.ts';

type Told =
	| {readonly kind: 'blocks'; readonly blocks: readonly EventBlock[]}
	| {readonly kind: 'state'; readonly state: LinkState}
	| {readonly kind: 'who-leads'};

const NAME = 'fileproc-events';

/** @returns Stops it. */
export function followTogether(face: StreamFace): () => void {
	const stopping = new AbortController();
	const channel = new BroadcastChannel(NAME);
	let place: string | null = null;
	let leads = false;
	let state: LinkState = 'connecting';
	const take = (blocks: readonly EventBlock[]): void => {
		place = blocks.findLast(({id}) => id !== null)?.id ?? place;
		face.onBlocks(blocks);
	};
	const note = (next: LinkState): void => {
		state = next;
		face.onState(next);
	};
	const tell = (told: Told): void => channel.postMessage(told);
	channel.onmessage = ({data}: MessageEvent<Told>) => {
		if (leads) {
			if (data.kind === 'who-leads') tell({kind: 'state', state});
		} else if (data.kind === 'blocks') take(data.blocks);
		else if (data.kind === 'state') note(data.state);
	};
	const lead = async (): Promise<void> => {
		leads = true;
		await followStream(
			place,
			{
				onBlocks(blocks) {
					take(blocks);
					tell({kind: 'blocks', blocks});
				},
				onState(next) {
					note(next);
					tell({kind: 'state', state: next});
				},
				onSignedOut: face.onSignedOut,
			},
			stopping.signal,
		);
	};
	face.onState('connecting');
	tell({kind: 'who-leads'});
	// Only where the page comes over TLS, or from this machine.
	if (navigator.locks === undefined) void lead();
	else
		navigator.locks.request(NAME, {signal: stopping.signal}, lead).catch((error: unknown) => {
			if (!stopping.signal.aborted) throw error;
		});
	return () => {
		stopping.abort();
		channel.close();
	};
}
