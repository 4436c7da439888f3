// How Adaptive Cards look on this page. Colours are those of the style sheet, so that cards follow light and dark.

const ink = (colour) => ({ default: `var(--${colour})`, subtle: "var(--soft)" });

const style = (backgroundColor) => ({
  backgroundColor,
  foregroundColors: {
    default: ink("ink"), dark: ink("ink"), light: ink("ink"),
    accent: ink("accent"), good: ink("accent"), warning: ink("warm"), attention: ink("danger"),
  },
});

const fonts = {
  fontSizes: { small: 13, default: 16, medium: 17, large: 18, extraLarge: 22 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
};
const label = { weight: "Bolder" };

export const HOST_CONFIG = {
  spacing: { small: 4, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 16 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  lineHeights: { small: 20, default: 24, medium: 25, large: 25, extraLarge: 30 },
  fontTypes: {
    default: { fontFamily: "inherit", ...fonts },
    monospace: { fontFamily: "var(--mono)", ...fonts },
  },
  containerStyles: {
    default: style("var(--raised)"), emphasis: style("var(--ground)"), accent: style("var(--accent-soft)"),
    good: style("var(--accent-soft)"), warning: style("var(--ground)"), attention: style("var(--danger-soft)"),
  },
  inputs: {
    label: { inputSpacing: "Small", requiredInputs: { ...label, suffix: " *", suffixColor: "Attention" }, optionalInputs: label },
    errorMessage: { color: "Attention", weight: "Bolder" },
  },
  // Teams shows six; the style sheet spaces them, and lets long titles wrap where Teams cuts them.
  actions: { maxActions: 6, buttonSpacing: 0, allowTitleToWrap: true, actionAlignment: "Left", spacing: "Medium" },
  factSet: { title: { weight: "Bolder", wrap: true, maxWidth: 200 }, value: { wrap: true }, spacing: 12 },
  textBlock: { headingLevel: 3 },
};
