import {scaleLinear} from 'd3-scale';
import type {ReactNode} from 'react';
import {T} from '../texts.ts';

const HEIGHT = 24;
const PART = 6;

/** As small as a word; the figures beside it say the rest. */
export function Histogram({counts, name}: {readonly counts: readonly number[]; readonly name: string}): ReactNode {
	if (counts.length < 2) return null;
	const y = scaleLinear([0, Math.max(1, ...counts)], [0, HEIGHT]);
	return (
		<svg
			role="img"
			aria-label={T.result.histogramOf(name, counts.length)}
			className="histogram"
			viewBox={`0 0 ${counts.length * PART} ${HEIGHT}`}
		>
			{counts.map((count, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity.
				<rect key={index} x={index * PART} y={HEIGHT - y(count)} width={PART - 1} height={y(count)} />
			))}
		</svg>
	);
}
