// `--progress`: whether standard error shows the progress of a run whose standard output goes to a program or a file.
import {isatty} from 'node:tty';
import type {ProgressLine} from '../../report/progress-line.ts';
import type {RunSettings} from '../arguments/settings.ts';

/** A run that ends before this shows no progress. */
const FIRST_MS = 1000;
const TERMINAL_SPACING_MS = 500;
const LINE_SPACING_MS = 2000;

const STDOUT = 1;
const STDERR = 2;

export interface ShownProgress extends Pick<ProgressLine, 'handle'> {
	/** Removes the line for good. */
	readonly close: () => void;
}

/** @returns `null` where no progress is shown. */
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
	// Other text that the program writes starts on its own line.
	process.on('exit', close);
	return {handle: line.handle, close};
}

/** By default, when a person sees standard error but nothing else of the run. */
function isProgressWanted({output, progress, screenReader, logFile, logLevel}: RunSettings): boolean {
	if (progress !== 'auto') return progress === 'always' && output !== 'auto';
	// A structured log uses standard error alone.
	const isLogged = logFile === null && logLevel !== 'info';
	return !isLogged && screenReader !== true && isatty(STDERR) && !isatty(STDOUT);
}
