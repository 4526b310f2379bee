/** Tells each second how many have gone by since `started` (whole seconds by `now`), until the function that it gives is called. */
export function everySecond(now: () => Date, started: Date, tell: (seconds: number) => void): () => void {
	const tick = setInterval(() => tell(Math.round((now().getTime() - started.getTime()) / 1000)), 1000);
	return () => clearInterval(tick);
}
