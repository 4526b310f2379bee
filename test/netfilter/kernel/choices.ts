/** A seeded source of choices (mulberry32): the same seed gives the same rules. */
export class Choices {
	#state: number;
	constructor(seed: number) {
		this.#state = seed >>> 0;
	}
	below(limit: number): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
	}
	one<T>(list: readonly T[]): T {
		return list[this.below(list.length)] as T;
	}
	some<T>(list: readonly T[], most: number): T[] {
		return Array.from({length: this.below(most + 1)}, () => this.one(list));
	}
	/** Once in `times`. */
	chance(times: number): boolean {
		return this.below(times) === 0;
	}
}
