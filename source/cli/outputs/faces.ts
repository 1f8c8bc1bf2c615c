// The faces of a run: what people and scripts see of the same events. A face hears every event from the first on, then
// shows the run until whoever watches has seen enough. Here are those for scripts, which load nothing that people need;
// the others are in `screen-faces.ts`.
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {RunEvent} from '../../model/events.ts';
import type {Report} from '../../model/report.ts';
import type {RunControl} from '../../model/run-control.ts';
import {jsonChunks, toJsonLine} from '../../report/json.ts';
import {freePage} from '../../text/utf8-page.ts';
import {LineQueue} from './line-queue.ts';
import type {Output} from './output.ts';

export interface Showing {
	readonly control: RunControl;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Resolves with the report when the run is over; where files were tried again after that, when it is over again. */
	readonly outcome: () => Promise<Report>;
	/** Rejects when the events of the run could not be handled to its end. */
	readonly broken: Promise<never>;
}

export interface Face {
	readonly handle: (event: RunEvent) => void;
	readonly show: (showing: Showing) => Promise<void>;
	/** See `BatchOptions.untilRoom`. */
	readonly untilRoom?: () => Promise<void> | null;
}

/** One JSON report when the run is over. */
export const createJsonFace = (output: Output): Face => ({
	handle() {},
	async show({outcome}) {
		for (const page of jsonChunks(await outcome())) {
			if (output.isClosed()) return;
			await output.write(page, () => freePage(page));
			// A pipe or a file that takes all at once would leave no turn to signals.
			await nextTurn();
		}
		await output.flush();
	},
});

/** Every event as a line of JSON, as it happens. */
export function createJsonLinesFace(output: Output): Face {
	const lines = new LineQueue(output);
	return {
		handle(event) {
			// The next progress says more, so a reader that is behind does not need this one.
			if (event.type === 'file-progressed' && !lines.isFlowing) return;
			lines.add(toJsonLine(event));
		},
		untilRoom: () => lines.untilRoom(),
		async show({outcome}) {
			await outcome();
			await lines.written();
			await output.flush();
		},
	};
}
