import { Button } from "./layout";
import { INK, LINE, type Look, PROSE, QUIET, SERIF, SURFACE } from "./style";

export type WallProps = {
  publicationName: string;
  /** As a sentence uses it: `$3 a month`. */
  price: string;
  /** Whole days; 0 where there is no trial. */
  trialDays: number;
  joinUrl: string;
  /** False where the mail shows nothing of the issue but its title. */
  showsBeginning: boolean;
};

/** The end of the free part: what there is, what it costs, when it charges, how to leave. */
export function Wall(props: WallProps & { look: Look }) {
  return (
    <table
      role="presentation"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      border={0}
      style={{ margin: "32px 0 0" }}
    >
      <tbody>
        <tr>
          <td
            className="e-surface"
            style={{
              padding: "24px 24px 8px",
              background: SURFACE,
              borderTop: `2px solid ${props.look.accent}`,
            }}
          >
            <h2
              className="e-ink"
              style={{
                margin: "0 0 10px",
                fontFamily: SERIF,
                fontSize: "22px",
                lineHeight: "1.3",
                color: INK,
              }}
            >
              {headingOf(props)}
            </h2>
            <p className="e-ink" style={{ ...PROSE, fontSize: "17px" }}>
              {openingOf(props)}
            </p>
            <p className="e-ink" style={{ ...PROSE, fontSize: "17px" }}>
              {priceOf(props)}
            </p>
            <Button href={props.joinUrl} look={props.look}>
              {props.trialDays > 0 ? "Read on as a member" : `Join for ${props.price}`}
            </Button>
            <p
              className="e-soft e-line"
              style={{ ...QUIET, borderTop: `1px solid ${LINE}`, paddingTop: "12px" }}
            >
              {LEAVING}
            </p>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

export function wallText(props: WallProps): string {
  const words = [headingOf(props), openingOf(props), `${priceOf(props)} ${LEAVING}`].map(wrapWords);
  return ["* * *", ...words, props.joinUrl].join("\n\n");
}

const TEXT_WIDTH = 78;

function wrapWords(text: string): string {
  return text.split(" ").reduce((wrapped, word) => {
    const column = wrapped.length - wrapped.lastIndexOf("\n") - 1;
    return `${wrapped}${column + 1 + word.length > TEXT_WIDTH ? "\n" : " "}${word}`;
  });
}

const LEAVING = "Cancel on your account page whenever you like; no letter, no call.";

function headingOf({ showsBeginning }: WallProps): string {
  return showsBeginning ? "The rest is for members" : "This issue is for members";
}

function openingOf({ publicationName, showsBeginning }: WallProps): string {
  const issue = showsBeginning ? "the rest of this issue" : "this issue";
  return `Members read ${issue}, every other issue of ${publicationName} in full, and the whole archive.`;
}

/** A second trial is never offered; one mail goes to all, so it says for whom the trial is. */
function priceOf({ price, trialDays }: WallProps): string {
  if (trialDays === 0) return `It costs ${price}, charged when you join.`;
  return `The first ${days(trialDays)} cost nothing if you have not had a trial before. Then it is ${price}, and you are told by mail before the first charge.`;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
