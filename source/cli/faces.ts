// The faces of a run: what people and scripts see of the same events. A face hears every event from the first on, then
// shows the run until whoever watches has seen enough. Here are those for scripts, which load nothing that people need;
// the others are in `screen-faces.ts`.
import {setImmediate as nextTurn} from 'node:timers/promises';
import {jsonChunks, toJsonLine} from '../report/json.ts';
import type {RunControl} from '../store/control.ts';
import type {RunEvent} from '../store/events.ts';
import type {Report} from '../store/report-types.ts';
import {freePage} from '../text/utf8-page.ts';
import type {Output} from './output.ts';

export interface Showing {
	readonly control: RunControl;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** Resolves with the report when the run is over; where files were tried again after that, when it is over again. */
	readonly outcome: () => Promise<Report>;
	/** Rejects when the run could not be told to its end. */
	readonly broken: Promise<never>;
}

export interface Face {
	readonly handle: (event: RunEvent) => void;
	readonly show: (showing: Showing) => Promise<void>;
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
	let written = Promise.resolve();
	return {
		handle(event) {
			written = output.write(toJsonLine(event));
			// Told by `show`; until then it is not an error that nobody handles.
			written.catch(() => {});
		},
		async show({outcome}) {
			await outcome();
			await written;
			await output.flush();
		},
	};
}
