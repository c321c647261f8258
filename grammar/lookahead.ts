/** Looking ahead, worked out where a text first needs it: most texts use a part of the grammar, and all of it costs more than to parse one. */
import { LLkLookaheadStrategy } from "chevrotain";
import type { ILookaheadStrategy } from "chevrotain";

type Alternation = ReturnType<ILookaheadStrategy["buildLookaheadForAlternation"]>;
type Optional = ReturnType<ILookaheadStrategy["buildLookaheadForOptional"]>;

export class LookaheadWhenNeeded implements ILookaheadStrategy {
  private readonly strategy: ILookaheadStrategy;

  constructor(maxLookahead: number) {
    this.strategy = new LLkLookaheadStrategy({ maxLookahead });
  }

  validate(options: Parameters<ILookaheadStrategy["validate"]>[0]): ReturnType<ILookaheadStrategy["validate"]> {
    return this.strategy.validate(options);
  }

  buildLookaheadForAlternation(
    options: Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0],
  ): Alternation {
    const { strategy } = this;
    let built: Alternation | undefined;
    return function (this: unknown, alternatives) {
      built ??= strategy.buildLookaheadForAlternation(options);
      return built.call(this, alternatives);
    };
  }

  buildLookaheadForOptional(options: Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0]): Optional {
    const { strategy } = this;
    let built: Optional | undefined;
    return function (this: unknown) {
      built ??= strategy.buildLookaheadForOptional(options);
      return built.call(this);
    };
  }
}
