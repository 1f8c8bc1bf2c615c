// Rejected records that several threads have spooled of one file, in its order.
import type {TextEncoding} from '../../analysis/text-encoding.ts';
import type {RangedPart} from '../shared/protocol.ts';
import type {RangeBoard} from '../shared/range-board.ts';
import type {SpooledRejects} from '../shared/spooled-rejects.ts';

export function placeSpooled(
	board: Pick<RangeBoard, 'linesBefore'>,
	parts: readonly RangedPart[],
	encoding: TextEncoding,
): SpooledRejects | undefined {
	const headerLines = parts[0]?.headerLines ?? 0;
	const [known] = parts.flatMap(({spooled}) => spooled ?? []);
	if (known === undefined) return undefined;
	const {ranges, ...heading} = known;
	const all = parts
		.flatMap(({spooled}) => spooled?.ranges ?? [])
		.sort((left, right) => left.range - right.range)
		.map(({range, part}) => ({
			...part,
			// Lines of a range are counted from 0, those of a file from 1.
			lineShift: part.lineShift + headerLines + board.linesBefore(range) + 1,
		}))
		.filter(({pieces}) => pieces.length > 0);
	return all.length === 0 ? undefined : {...heading, encoding, parts: all};
}
