/** The API's shapes as the staff's pages use them, beyond what viewers get. */
import type {
  Bodies, Membership, OrderState, RefusedBecause, Return, Role, SaleState, Scope, With,
} from "../client/shapes.ts";

export type {
  House, Me, Membership, Money, OrderLine, OrderState, OrderView as Order, Page, Picture,
  RefusedBecause, Return, ReturnStep, Role, SaleState, Scope,
  Seller, ShowView, Texts, TrayItem,
} from "../client/shapes.ts";

export interface Named {
  id: string;
  name: string;
}

export type Person = With<Bodies["StaffBody"], { memberships: Membership[] }>;
export type Invitation = With<Bodies["InvitationBody"], { role: Role; scope: Scope }>;
export type RunSheetItem = With<Bodies["RunItemBody"], { sale: SaleState }>;
export type Health = With<Bodies["HealthBody"], { state: "idle" | "receiving" | "away" }>;
export type Recording = Bodies["RecordingBody"];
export type StudioReplay = Bodies["StudioReplayBody"];
export type ReplayEdit = Bodies["ReplayEditBody"];
export type Minute = Bodies["MinuteBody"];
export type Figures = Bodies["ShowFiguresBody"];
export type Lifecycle = "planned" | "rehearsing" | "live" | "ended";
export type StudioShowCard = With<Bodies["StudioCardBody"], { lifecycle: Lifecycle }>;
export type StudioShow = With<
  Bodies["StudioShowBody"],
  { lifecycle: Lifecycle; run_sheet: RunSheetItem[]; health?: Health | null }
>;

export type ModerationQueue = Bodies["ModerationQueueBody"];

export type ProductStatus = "draft" | "active" | "archived";
export type ProductEdit = With<Bodies["ProductEditBody"], { status: ProductStatus }>;
/** A product as it is sent: with its version when it is there already. */
export type ProductDraftBody = Bodies["ProductDraftBody"];
export type VariantEdit = Bodies["VariantEdit"];
export type VariantDraft = Bodies["VariantDraftBody"];

export type Dispute = With<
  Bodies["DisputeBody"],
  { state: "needs_answer" | "under_review" | "won" | "lost" | "closed" }
>;
export type OrderRow = With<Bodies["OfficeOrderBody"], { state: OrderState }>;
export type OfferKind = "percent" | "amount" | "free_shipping" | "gift" | "price" | "bundle";
export type Offer = With<Bodies["OfferBody"], { gives: With<Bodies["GivesBody"], { kind: OfferKind }> }>;
export type OfferDraft = Bodies["OfferDraft"];
export type Mispriced = Bodies["MispricedBody"];
export type CorrectionWay = "refund" | "honour" | "cancel";
export type Correction = With<Bodies["CorrectionBody"], { how: CorrectionWay }>;
export type CancelReason = "buyer_asked" | "out_of_stock" | "wrong_price" | "suspicious" | "other";
export type RefundReason = "missing" | "damaged" | "buyer_asked" | "goodwill" | "wrong_price" | "other";
export type RefundPreview = Bodies["RefundPreviewBody"];
export type RefundPieces = With<Bodies["RefundPiecesBody"], { reason: RefundReason }>;
export type RefundAmount = With<Bodies["RefundAmountBody"], { reason: RefundReason }>;
export type TakeElsewhere = Bodies["TakeElsewhereBody"];
export type OfficeReturn = With<Bodies["OfficeReturnBody"], { return: Return }>;
export type RefuseReturn = With<Bodies["RefuseReturnBody"], { reason: RefusedBecause }>;
export type AcceptReturn = Bodies["AcceptReturnBody"];
export type ParcelSheet = Bodies["ParcelSheetBody"];
export type ParcelForm = Bodies["SendParcelBody"];
export type ShippingRate = Bodies["RateBody"];

/** Whose the products of a sheet become, and what a Shopify export leaves unsaid. */
export interface ImportQuestion {
  format: "trunkshow" | "shopify";
  brand?: string;
  seller?: string;
  location?: string;
  currency?: string;
  language?: string;
}
export type ImportReport = Bodies["ImportBody"];

export type HouseDraft = Bodies["HouseDraftBody"];
export type Brand = Bodies["BrandBody"];
export type BrandDraft = Bodies["BrandDraftBody"];
export type SellerDraft = Bodies["SellerDraftBody"];
export type Location = Bodies["LocationBody"];
export type LocationDraft = Bodies["LocationDraftBody"];
export type Media = Bodies["MediaBody"];

export type SentMessage = With<
  Bodies["SentMessageBody"],
  { state: "sent" | "given_up"; why?: "too_late" | "refused" | "unreadable" | null }
>;
export type BlockedWords = Bodies["BlockedWordsBody"];

export type AuditEntry = Bodies["AuditEntryBody"];
export type ApiToken = Bodies["TokenBody"];

/** What a person plans of a show; the rest the server knows. */
export type ShowPlan = Bodies["PlanBody"];
export type RunSheetLine = Bodies["PlacementBody"];
export type OnAirPiece = Bodies["PieceBody"];
