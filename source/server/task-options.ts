// How the data set of a task is read, where its user says so: what there is, is said by whoever starts the server, so that it is the same as for a run.
import {type BatchSettings, readSettingsOf} from '../engine/batch.ts';
import {problem} from './problem.ts';
import type {Task} from './task.ts';

/** By the names of the options. */
export type GivenOptions = Readonly<Record<string, unknown>>;

export interface OptionFault {
	readonly option: string;
	/** A sentence: what was expected, and what was found. */
	readonly detail: string;
	/** Whether there is no such option. */
	readonly isUnknown: boolean;
	/** Which part of a text is wrong, in UTF-16 units. */
	readonly place?: {readonly start: number; readonly end: number};
}

export interface TaskOptions {
	/** A JSON Schema for each, by its name. */
	readonly properties: Readonly<Record<string, object>>;
	readonly read: (given: GivenOptions) => {readonly settings: BatchSettings; readonly faults: readonly OptionFault[]};
}

/** Whichever of them is given first is told of. */
const QUESTION_OPTIONS = [
	...(['question', 'group_by', 'sum', 'mean', 'min', 'max', 'distinct', 'order_by', 'limit'] as const),
];

/** A task that is asked for. */
type Asked = Pick<Task, 'analyses' | 'options' | 'mapping'>;

/** @throws {Problem} When the options cannot be used, or not with these analyses. */
export function assertOptions(task: Asked, options: TaskOptions): void {
	const {faults} = options.read(task.options);
	const [first] = faults;
	if (first !== undefined) {
		const errors = faults.map(({option, detail, place}) => ({option, detail, ...place}));
		throw problem(first.isUnknown ? 'UNKNOWN_OPTION' : 'BAD_OPTION', first.detail, {more: {errors}});
	}
	if (task.options.key !== undefined && !task.analyses.includes('quality'))
		throw problem('BAD_OPTION', 'The option key is for the analysis quality: ask for it, or leave key out.');
	const {analysis} = options.read(task.options).settings;
	if (analysis !== undefined && task.analyses.length > 0) {
		const asked = QUESTION_OPTIONS.find(option => option in task.options) ?? 'sum';
		throw problem(
			'BAD_OPTION',
			`The option ${asked} asks a question instead of an analysis: leave it or ${task.analyses.join(', ')} out.`,
		);
	}
	if (task.mapping !== null && task.options.map !== undefined)
		throw problem('BAD_OPTION', 'A mapping and the option map both say which headings are columns: leave one away.');
	try {
		readSettingsOf(readingOf(task, options));
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		throw problem('BAD_OPTION', `${error.message}.`);
	}
}

/** How the data set of a task is read, where that differs from all others. */
export const readingOf = ({analyses, options: given, mapping}: Asked, options: TaskOptions): BatchSettings => ({
	...options.read(given).settings,
	...(typeof mapping === 'object' && mapping !== null && {map: mapping.map}),
	...(analyses.length > 0 && {analysis: analyses.length === 1 ? analyses[0] : {allOf: analyses}}),
});
