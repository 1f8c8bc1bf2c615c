// Which face shows a run: by what was asked for, and by what the terminal can do.
import {openSync} from 'node:fs';
import {ReadStream} from 'node:tty';
import {terminalPath} from '../../engine/plan/named-stream.ts';
import type {Plan} from '../../engine/plan/plan.ts';
import type {ReportCollector} from '../../report/collect-report.ts';
import type {RunSettings} from '../arguments/settings.ts';
import type {PlannedRun} from '../commands/plan-run.ts';
import type {Interruption} from '../process/interruption.ts';
import {isStandardInput} from '../process/standard-input.ts';
import {isInteractive, isScreenReaderAsked} from '../process/terminal-capabilities.ts';
import {createJsonFace, createJsonLinesFace, type Face} from './faces.ts';
import type {Output} from './output.ts';

export interface ChosenFace {
	readonly isDashboard: boolean;
	/** What people need is loaded only here. */
	readonly loadFace: () => Promise<Face>;
}

/** @param onMessage - Takes what others write to standard error while the dashboard is up. */
export async function chooseFace(
	{files, paths}: PlannedRun,
	settings: RunSettings,
	output: Output,
	interruption: Interruption,
	collector: ReportCollector,
	onMessage: (line: string) => void,
): Promise<ChosenFace> {
	if (settings.output === 'json') return {isDashboard: false, loadFace: async () => createJsonFace(output)};
	if (settings.output === 'jsonl') return {isDashboard: false, loadFace: async () => createJsonLinesFace(output)};
	// To ask for standard input opens it, which takes 2 ms.
	const {stdout, stdin, env} = process;
	const {decideLook, decideUse} = await import('../arguments/look.ts');
	const look = {...decideLook(settings, process), failOn: settings.failOn};
	const isStdinTaken = takesStandardInput(files) || isStandardInput(settings.filesFrom);
	const mayDraw = settings.output === 'auto' && isInteractive(look.isTty, env);
	// What the surroundings say is about the terminal; a pipe is read by programs, unless the flag says otherwise.
	const isListenedTo = settings.screenReader ?? (mayDraw && isScreenReaderAsked(env));
	const faces = (): Promise<typeof import('./screen-faces.ts')> => import('./screen-faces.ts');
	if (settings.output === 'auto' && isListenedTo) {
		return {isDashboard: false, loadFace: async () => (await faces()).createMilestoneFace(output, look)};
	}
	// Data that is typed needs the keyboard for itself.
	const isTypedData = (stdin.isTTY && isStdinTaken) || paths.some(path => terminalPath.test(path));
	const keys = !mayDraw || isTypedData ? null : stdin.isTTY ? stdin : openKeyboard();
	if (keys === null) {
		return {isDashboard: false, loadFace: async () => (await faces()).createPlainFace(output, look)};
	}
	const options = {
		...decideUse(settings, process),
		title: paths.join(' '),
		...{stdin: keys, stdout, output, look, interruption, collector, onMessage},
	};
	return {isDashboard: true, loadFace: async () => (await faces()).createDashboardFace(options)};
}

const takesStandardInput = ({entries}: Plan): boolean =>
	entries.some(entry => entry.type === 'file' && entry.source.kind === 'standard-input');

/** The terminal's keyboard, where standard input is something else. */
function openKeyboard(): ReadStream | null {
	try {
		return new ReadStream(openSync('/dev/tty', 'r'));
	} catch {
		return null;
	}
}
