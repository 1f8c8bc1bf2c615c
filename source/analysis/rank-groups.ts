// Which groups a report lists: those with the largest counts, in order.
import {countOf, type GroupsPartial, nameEnd, nameStart} from './groups.ts';

/** Whether a group stands in front of another: the larger count does, of equal ones the smaller name in byte order. */
function isInFront(groups: GroupsPartial, place: number, other: number): boolean {
	const [count, otherCount] = [countOf(groups, place), countOf(groups, other)];
	return count === otherCount ? compareNames(groups, place, other) < 0 : count > otherCount;
}

function compareNames(groups: GroupsPartial, place: number, other: number): number {
	const {names} = groups;
	const start = nameStart(groups, place);
	const otherStart = nameStart(groups, other);
	const length = nameEnd(groups, place) - start;
	const otherLength = nameEnd(groups, other) - otherStart;
	const most = Math.min(length, otherLength);
	for (let at = 0; at < most; at++) {
		const difference = (names[start + at] ?? 0) - (names[otherStart + at] ?? 0);
		if (difference !== 0) return difference;
	}
	return length - otherLength;
}

/** The places of the first groups, as many as asked for, in order; the others are never sorted. */
export function rankGroups(groups: GroupsPartial, most: number): number[] {
	const ranked: number[] = [];
	for (let place = 0; place < groups.count; place++) {
		const last = ranked[most - 1];
		if (last !== undefined && !isInFront(groups, place, last)) continue;
		let low = 0;
		let high = ranked.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (isInFront(groups, place, ranked[middle] ?? 0)) high = middle;
			else low = middle + 1;
		}
		ranked.splice(low, 0, place);
		if (ranked.length > most) ranked.pop();
	}
	return ranked;
}
