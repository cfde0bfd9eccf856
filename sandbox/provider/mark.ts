/**
 * What a simulated provider writes among its own settings, and so into the state of whatever it makes: whoever reads a state
 * can tell it from that of a real provider.
 */
export const simulatedMark = "__simulatedBy";
