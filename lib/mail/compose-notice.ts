/** Draws a notice with the publication's words. Pure but for what it is given; sends nothing. */
import { drawNotice, type NoticeFrame, type NoticeTemplate, noticeText } from "@/emails/notice";
import { alreadySubscribed } from "@/emails/notices/already-subscribed";
import { confirm } from "@/emails/notices/confirm";
import { giftEnded, giftEnding, giftReceipt, giftReceived, giftRedeemed } from "@/emails/notices/gift";
import { laterStarted, laterStarting } from "@/emails/notices/later-start";
import { membershipCancelled, membershipEnded } from "@/emails/notices/membership-end";
import { membershipPaused, pauseEnding } from "@/emails/notices/pause";
import { paymentFailed, paymentReceived } from "@/emails/notices/payment";
import { sendingPaused } from "@/emails/notices/sending-paused";
import { signInCode } from "@/emails/notices/sign-in-code";
import { momentMissed, slotEmpty } from "@/emails/notices/slot";
import { trialEnding, trialStarted } from "@/emails/notices/trial";
import { type WelcomeProps, welcome } from "@/emails/notices/welcome";
import { lookOf } from "@/emails/style";
import { formatMoment } from "@/lib/publication/format";
import type { PublicationSettings } from "@/lib/publication/queries";
import type { ComposedMail } from "./compose";
import { drawHtml } from "./draw";
import type { NoticeContent } from "./notice-kinds";

export type NoticeSurroundings = {
  publication: PublicationSettings;
  publicUrl: string;
  /** For the welcome: the newest issue, in words that anybody may read. */
  latest: WelcomeProps["latest"];
  unsubscribeUrl: string;
};

/** A test of an issue is no notice to draw: it is the issue's own mail. */
export type DrawnNotice = Exclude<NoticeContent, { kind: "test-issue" }>;

export async function composeNotice(notice: DrawnNotice, around: NoticeSurroundings): Promise<ComposedMail> {
  const { publication, publicUrl } = around;
  const { timeZone } = publication;
  const at = (moment: string) => formatMoment(new Date(moment), { language: "en", timeZone });
  const draw = <Props>(template: NoticeTemplate<Props>, data: Props) => drawn(template, data, around);
  switch (notice.kind) {
    case "confirm":
      return draw(confirm, notice.data);
    case "sign-in-code":
      return draw(signInCode, notice.data);
    case "already-subscribed":
      return draw(alreadySubscribed, notice.data);
    case "welcome":
      return draw(welcome, {
        latest: around.latest,
        weekday: weekdayName(publication),
        unsubscribeUrl: around.unsubscribeUrl,
      });
    case "trial-started":
      return draw(trialStarted, { ...notice.data, firstChargeAt: at(notice.data.firstChargeAt) });
    case "trial-ending":
      return draw(trialEnding, { ...notice.data, firstChargeAt: at(notice.data.firstChargeAt) });
    case "later-started":
      return draw(laterStarted, { ...notice.data, firstChargeAt: at(notice.data.firstChargeAt) });
    case "later-starting":
      return draw(laterStarting, { ...notice.data, firstChargeAt: at(notice.data.firstChargeAt) });
    case "payment-received":
      return draw(paymentReceived, { ...notice.data, periodEndsAt: at(notice.data.periodEndsAt) });
    case "payment-failed":
      return draw(paymentFailed, { ...notice.data, accessEndsAt: at(notice.data.accessEndsAt) });
    case "membership-cancelled":
      return draw(membershipCancelled, { accessEndsAt: at(notice.data.accessEndsAt) });
    case "membership-ended":
      return draw(membershipEnded, { joinUrl: `${publicUrl}/join` });
    case "membership-paused":
      return draw(membershipPaused, {
        ...notice.data,
        closesAt: at(notice.data.closesAt),
        chargeAt: at(notice.data.chargeAt),
      });
    case "pause-ending":
      return draw(pauseEnding, { ...notice.data, chargeAt: at(notice.data.chargeAt) });
    case "gift-receipt":
      return draw(giftReceipt, notice.data);
    case "gift-received":
      return draw(giftReceived, notice.data);
    case "gift-redeemed":
      return draw(giftRedeemed, { ...notice.data, endsAt: at(notice.data.endsAt) });
    case "gift-ending":
      return draw(giftEnding, { ...notice.data, endsAt: at(notice.data.endsAt) });
    case "gift-ended":
      return draw(giftEnded, notice.data);
    case "moment-missed": {
      const { issueId, title, dueAt } = notice.data;
      const deskUrl = `${publicUrl}/admin/issues/${issueId}`;
      return draw(momentMissed, { title: title || "Untitled", dueAt: at(dueAt), deskUrl });
    }
    case "slot-empty":
      return draw(slotEmpty, { slotAt: at(notice.data.slotAt), deskUrl: `${publicUrl}/admin` });
    case "sending-paused": {
      const { issueId, title, pausedAt, words } = notice.data;
      const deskUrl = `${publicUrl}/admin/issues/${issueId}`;
      return draw(sendingPaused, { title: title || "Untitled", pausedAt: at(pausedAt), words, deskUrl });
    }
  }
}

async function drawn<Props>(
  template: NoticeTemplate<Props>,
  data: Props,
  { publication, publicUrl }: NoticeSurroundings,
): Promise<ComposedMail> {
  const { name, postalAddress, authorName, accentColor } = publication;
  const frame: NoticeFrame = {
    publication: { name, url: publicUrl, postalAddress, authorName },
    look: lookOf(accentColor),
    accountUrl: `${publicUrl}/account`,
  };
  return {
    subject: template.subject(data, frame),
    html: await drawHtml(drawNotice(template, data, frame)),
    text: noticeText(template, data, frame),
  };
}

/** In English, as the notices are. 1 January 2024 was a Monday. */
function weekdayName({ slotWeekday }: PublicationSettings): string {
  return new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(
    new Date(Date.UTC(2024, 0, slotWeekday)),
  );
}
