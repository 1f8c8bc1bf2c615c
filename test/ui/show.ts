import {vi} from 'vitest';
import {type DashboardOptions, type DashboardOutcome, runDashboard} from '../../source/ui/dashboard.tsx';
import type {LookOptions} from '../../source/ui/look/look.ts';
import {PATIENT} from '../helpers/patient.ts';
import {VirtualTerminal} from '../helpers/virtual-terminal.ts';
import type {SampleRun} from './sample-run.ts';

export interface Shown {
	readonly terminal: VirtualTerminal;
	readonly outcome: Promise<DashboardOutcome>;
	readonly onForceQuit: ReturnType<typeof vi.fn>;
	/** Waits until the screen contains the text, and returns the screen. */
	readonly see: (text: string | RegExp) => Promise<string>;
	/** Waits until the screen no longer contains the text. */
	readonly seeNo: (text: string) => Promise<string>;
}

const open: Shown[] = [];

/** Shows a run on a terminal of the given size. */
export function show(
	run: Pick<SampleRun, 'store' | 'control' | 'now'>,
	columns: number,
	rows: number,
	look: Partial<LookOptions> = {},
	more: Pick<DashboardOptions, 'findDrift' | 'pastRuns' | 'watched'> = {},
): Shown {
	const terminal = new VirtualTerminal(columns, rows);
	const onForceQuit = vi.fn();
	const outcome = runDashboard({
		store: run.store,
		control: run.control,
		now: run.now,
		title: run.store.getSnapshot().paths.join(' '),
		stdin: terminal.stdin,
		stdout: terminal.stdout,
		look: {fps: 60, altScreen: true, ascii: false, theme: 'default', colorLevel: 3, ...look},
		onForceQuit,
		...more,
	});
	const waitFor = (condition: (screen: string) => boolean, what: string): Promise<string> =>
		vi.waitFor(async () => {
			const screen = await terminal.screen();
			if (!condition(screen)) throw new Error(`${what}:\n${screen}`);
			return screen;
		}, PATIENT);
	const shown: Shown = {
		terminal,
		outcome,
		onForceQuit,
		see: text =>
			waitFor(
				screen => (typeof text === 'string' ? screen.includes(text) : text.test(screen)),
				`There is no ${text} on`,
			),
		seeNo: text => waitFor(screen => !screen.includes(text), `There is still ${text} on`),
	};
	open.push(shown);
	return shown;
}

/** Leaves all dashboards that are still shown. */
export async function leaveAll(): Promise<void> {
	for (const {terminal, outcome} of open.splice(0)) {
		terminal.drain();
		// Whatever is open, the second one exits at once.
		terminal.press('\u{3}\u{3}');
		await outcome;
	}
}

/** The header's spinner changes by itself: golden screens have a star in its place. */
export const still = (screen: string): string => screen.replace(/[-\\|/](?= {1,2}\d\d:\d\d)/, '*');
