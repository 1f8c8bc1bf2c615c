// A chart, drawn by uPlot on a canvas. What it shows stands in a table beside it, too, so for screen readers it is an image with a name.
import {type ReactNode, useEffect, useRef} from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {formatCount} from '../../text/format.ts';
import {useMedia} from '../shell/use-media.ts';

export interface PlotSeries {
	readonly label: string;
	readonly values: readonly number[];
	/** With an axis of its own on the right. */
	readonly isOfRight?: boolean;
}

interface PlotProps {
	readonly label: string;
	/** Of the places along the x axis. */
	readonly names: readonly string[];
	readonly series: readonly PlotSeries[];
	readonly kind: 'bars' | 'line';
	readonly height?: number;
}

const MOST_CHARACTERS = 14;

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export default function Plot({label, names, series, kind, height = 220}: PlotProps): ReactNode {
	const reference = useRef<HTMLDivElement>(null);
	const isDark = useMedia('(prefers-color-scheme: dark)');
	// biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the style, which changes with the scheme.
	useEffect(() => {
		const target = reference.current;
		if (target === null) return;
		const plot = new UPlot(optionsOf({names, series, kind, height}, target.clientWidth), dataOf(names, series), target);
		const observer = new ResizeObserver(() => plot.setSize({width: target.clientWidth, height}));
		observer.observe(target);
		return () => {
			observer.disconnect();
			plot.destroy();
		};
	}, [names, series, kind, height, isDark]);
	return <div ref={reference} role="img" aria-label={label} className="plot" />;
}

const dataOf = (names: readonly string[], series: readonly PlotSeries[]): UPlot.AlignedData => [
	names.map((_, index) => index),
	...series.map(({values}) => [...values]),
];

function optionsOf({names, series, kind, height = 220}: Omit<PlotProps, 'label'>, width: number): UPlot.Options {
	const [text, line, rule] = [colour('--text-soft'), colour('--accent'), colour('--rule')];
	const axis: UPlot.Axis = {stroke: text, grid: {stroke: rule, width: 1}, ticks: {stroke: rule, width: 1}};
	const nameAt = (place: number): string => {
		const name = Number.isInteger(place) ? (names[place] ?? '') : '';
		return name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS - 1)}…` : name;
	};
	const bars = kind === 'bars' ? UPlot.paths.bars?.({size: [0.7, 60]}) : undefined;
	const [stroke, second] = [line, colour('--second')];
	return {
		...{width: Math.max(200, width), height, legend: {show: series.length > 1}, cursor: {drag: {x: false, y: false}}},
		scales: {x: {time: false, range: [-0.5, Math.max(0.5, names.length - 0.5)]}},
		axes: [
			{...axis, grid: {show: false}, values: (_, places) => places.map(nameAt), space: kind === 'bars' ? 90 : 120},
			{
				...axis,
				size: 60,
				values: (_, values) => values.map(value => (value < 0 ? `−${formatCount(-value)}` : formatCount(value))),
			},
			...(series.some(({isOfRight}) => isOfRight === true)
				? [{...axis, scale: 'right', side: 1 as const, grid: {show: false}}]
				: []),
		],
		series: [
			{},
			...series.map(({label, isOfRight = false}) => ({
				label,
				stroke: isOfRight ? second : stroke,
				width: kind === 'bars' ? 0 : 2,
				...(isOfRight && {scale: 'right', dash: [6, 4]}),
				...(bars !== undefined && {paths: bars, fill: stroke}),
				points: {show: false},
			})),
		],
	};
}
