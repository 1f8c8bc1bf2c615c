export const isSameList = (left: readonly unknown[], right: readonly unknown[]): boolean =>
	left.length === right.length && left.every((item, index) => item === right[index]);
