// `--progress`: whether standard error says how far a run is whose standard output is for a program or a file.
import {isatty} from 'node:tty';
import type {ProgressLine} from '../../report/progress-line.ts';
import type {RunSettings} from '../arguments/settings.ts';

/** Before that, the end is likely to come first. */
const FIRST_MS = 1000;
const TERMINAL_SPACING_MS = 500;
const LINE_SPACING_MS = 2000;

const STDOUT = 1;
const STDERR = 2;

export interface ShownProgress extends Pick<ProgressLine, 'handle'> {
	/** Takes the line away, for good. */
	readonly close: () => void;
}

/** @returns `null` where nobody is to see it. */
export async function showProgress(settings: RunSettings, now: () => number): Promise<ShownProgress | null> {
	if (!isProgressWanted(settings)) return null;
	const {createProgressLine} = await import('../../report/progress-line.ts');
	const {stderr} = process;
	const isTerminal = stderr.isTTY === true && process.env.TERM !== 'dumb';
	const line = createProgressLine({
		write: text => void stderr.write(text),
		isTerminal,
		columns: () => stderr.columns || 80,
		now,
	});
	const spacingMs = isTerminal ? TERMINAL_SPACING_MS : LINE_SPACING_MS;
	const timer = setInterval(() => {
		if (now() >= FIRST_MS) line.print();
	}, spacingMs);
	timer.unref();
	const close = (): void => {
		clearInterval(timer);
		line.clear();
		process.off('exit', close);
	};
	// Whatever ends the program writes behind a line of its own.
	process.on('exit', close);
	return {handle: line.handle, close};
}

/** By itself, where a person looks at standard error and sees nothing of the run otherwise. */
function isProgressWanted({output, progress, screenReader, logFile, logLevel}: RunSettings): boolean {
	if (progress !== 'auto') return progress === 'always' && output !== 'auto';
	// A structured log has standard error to itself.
	const isLogged = logFile === null && logLevel !== 'info';
	return !isLogged && screenReader !== true && isatty(STDERR) && !isatty(STDOUT);
}
