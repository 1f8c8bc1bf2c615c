// One frame as text, without a terminal.
import {renderToString} from 'ink';
import {safe} from '../text/safe.ts';
import {App, type AppProps} from './app.tsx';
import {createKeymap, missingIn} from './commands/keymap.ts';
import type {DashboardOptions} from './dashboard.tsx';
import {createLook} from './look/look.ts';
import {NO_MESSAGES} from './terminal/stray-messages.ts';

export interface FrameOptions
	extends Pick<DashboardOptions, 'store' | 'control' | 'now' | 'look' | 'title' | 'connection' | 'unavailable'> {
	readonly columns: number;
	readonly rows: number;
}

export function renderFrame({look, title, columns, rows, unavailable, ...run}: FrameOptions): string {
	const nothing = (): void => {};
	const props: AppProps = {
		...run,
		...{columns, rows, title: safe(title), look: createLook(look), connection: run.connection},
		...{tickMs: 1000, target: {isStalled: () => false, subscribeStalled: () => nothing}, input: null},
		...{
			keymap: createKeymap({}, [...(unavailable ?? []), ...missingIn(run.control)]),
			filter: undefined,
			findDrift: undefined,
			pastRuns: undefined,
			watched: undefined,
		},
		...{isMouseOn: false, onUiRendered: nothing, messages: NO_MESSAGES, onExport: undefined},
		effects: {leave: nothing, copy: () => ({isCut: false}), repaint: nothing, suspend: () => false, setMouse: nothing},
	};
	const lines = renderToString(<App {...props} />, {columns}).split('\n');
	return lines.map(line => line.trimEnd()).join('\n');
}
