// Lines that have a user → figures of an analysis whose columns are users and timestamps.
import type {AnalysisFigures} from '../figures.ts';
import {isDayKnown, parseMoment} from '../moment.ts';
import {compileProgram} from '../program.ts';
import type {StateLayout} from '../state-layout.ts';
import {userColumns} from '../user-columns.ts';
import {ProgramFigures} from './figures-of-records.ts';
import type {LaneValue} from './read-lanes.ts';

const none: LaneValue = {kind: 'none', fault: null};

/** Takes the lines of one source, one after the other. */
export class UserFigures {
	readonly #records: ProgramFigures;
	/** For each lane whether it is of the timestamp. */
	readonly #isTime: readonly boolean[];
	/** Of the last line. */
	#time = '';
	#ofTime = none;

	constructor({declaration, caps}: StateLayout) {
		const program = compileProgram([{declaration, indexes: userColumns}], caps);
		this.#records = new ProgramFigures(program);
		this.#isTime = program.lanes.map(({kind}) => kind === 'timestamp');
	}

	/**
	@param user - One character for each byte.
	@param time - A day with or without a time, which may not be in the calendar, a time without a day, or nothing.
	*/
	add(user: string, time: string): void {
		// Lines come second by second.
		if (time !== this.#time) [this.#time, this.#ofTime] = [time, readTime(time)];
		const ofUser: LaneValue = {kind: 'text', text: user};
		this.#records.addLanes(this.#isTime.map(isTime => (isTime ? this.#ofTime : ofUser)));
	}

	/** What the lines came to so far. @param lines - How many there are, those without a user included. */
	take(lines: number): AnalysisFigures {
		const [figures] = this.#records.take();
		if (figures === undefined) throw new Error('Expected figures of an analysis');
		return {...figures, lines};
	}
}

function readTime(time: string): LaneValue {
	const moment = isDayKnown(time) ? parseMoment(time) : time;
	return moment === null || moment === '' ? none : {kind: 'text', text: moment};
}
