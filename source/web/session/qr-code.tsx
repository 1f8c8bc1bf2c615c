import qrcode from 'qrcode-generator';
import {type ReactNode, useMemo} from 'react';

/** Around the code, so that cameras find its edge. */
const MARGIN = 4;

export function QrCode({text, label}: {readonly text: string; readonly label: string}): ReactNode {
	const {path, size} = useMemo(() => {
		const code = qrcode(0, 'M');
		code.addData(text);
		code.make();
		const count = code.getModuleCount();
		const places = Array.from(
			{length: count * count},
			(_, place) => [Math.floor(place / count), place % count] as const,
		);
		const dark = places.filter(([row, column]) => code.isDark(row, column));
		return {
			path: dark.map(([row, column]) => `M${column + MARGIN} ${row + MARGIN}h1v1h-1z`).join(''),
			size: count + 2 * MARGIN,
		};
	}, [text]);
	return (
		<svg role="img" aria-label={label} className="qr" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
			<rect className="qr-light" width={size} height={size} />
			<path className="qr-dark" d={path} />
		</svg>
	);
}
