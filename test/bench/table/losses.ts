// Where others are better: told as plainly as the rest.
import {type ContestResult, type Entry, isOurs, ownOnOneThread, rivalOf, speedOf} from '../measure/contest.ts';
import type {DashboardResult} from '../measure/dashboard.ts';
import {pairedRatios, spreadOf} from '../measure/statistics.ts';
import {formatFactor, formatMemory, formatThreads} from './format.ts';

/** The dashboard may cost so much. */
const DASHBOARD_BUDGET = 1.05;

/** Every case where another program was faster or took less memory, and where the dashboard costs too much. */
export function findLosses(contests: readonly ContestResult[], dashboard: DashboardResult | null): readonly string[] {
	return [
		...contests.flatMap(lossesOf),
		...(dashboard !== null && dashboard.ratio.median > DASHBOARD_BUDGET
			? [`the dashboard costs ${(100 * (dashboard.ratio.median - 1)).toFixed(1)} % of time, more than 5 %`]
			: []),
	];
}

function lossesOf({data, entries, slowEntries}: ContestResult): readonly string[] {
	return entries.filter(isOurs).flatMap(own => {
		// The other rivals have one thread, and so are held against ours on one.
		const others = own === ownOnOneThread({entries}) ? slowEntries : [];
		const duckdb = rivalOf(own, entries);
		const rivals = [...(duckdb === undefined ? [] : [duckdb]), ...others];
		const where = `\`${data.kind.name}\` on ${formatThreads(own.threads)}`;
		const faster = rivals.map(rival => ({rival, factor: advantage(rival, own)})).filter(({factor}) => factor > 1);
		const smaller = rivals.filter(
			({peakBytes}) => peakBytes !== null && own.peakBytes !== null && peakBytes < own.peakBytes,
		);
		return [
			list(
				`${where}, speed`,
				faster.map(({rival, factor}) => `${rival.program.name} is ${formatFactor(factor)} × as fast`),
			),
			list(
				`${where}, memory (${formatMemory(own.peakBytes)})`,
				smaller.map(({program, peakBytes}) => `${program.name} takes ${formatMemory(peakBytes)}`),
			),
		].flat();
	});
}

/** How many times as fast the rival is. Those that took turns with ours are compared run by run. */
function advantage(rival: Entry, own: Entry): number {
	const tookTurns = rival.bytes === own.bytes && rival.wallMs.length === own.wallMs.length;
	if (!tookTurns) return speedOf(rival) / speedOf(own);
	return spreadOf(pairedRatios(own.wallMs, rival.wallMs)).median;
}

const list = (title: string, losses: readonly string[]): readonly string[] =>
	losses.length === 0 ? [] : [`${title}: ${losses.join(', ')}`];
