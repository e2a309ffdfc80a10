using System.Collections.Frozen;

namespace ECommerce.Features.Invoices.Characters;

/// <summary>
/// What stands for characters that an invoice cannot have. The program runs without the culture data of the system,
/// where text is never decomposed, so the letters are listed.
/// </summary>
internal static class LatinTables
{
    /// <summary>A character and the text that replaces it, separated by spaces.</summary>
    private const string Replacements =
        "€EUR ‘' ’' ‚' ‛' ′' ʹ' ʼ' “' ”' „' ‟' ″' ‹' ›' ‐- ‑- ‒- –- —- ―- −- ⁃- •- …... ™(TM) №N. ⁄/ ‰%o "
        + "≤<= ≥>= ≠<> ≈~ →-> ←<- ŒOE œoe ĲIJ ĳij ẞSS ǄDZ ǅDz ǆdz ǇLJ ǈLj ǉlj ǊNJ ǋNj ǌnj ﬁfi ﬂfl ﬀff ﬃffi "
        + "ﬄffl ₂2 ₃3 ⅓1/3 ⅔2/3 ⅛1/8 ΑA ΒV ΓG ΔD ΕE ΖZ ΗI ΘTh ΙI ΚK ΛL ΜM ΝN ΞX ΟO ΠP ΡR ΣS ΤT ΥY ΦF ΧCh ΨPs "
        + "ΩO αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs τt υy φf χch ψps ωo ςs ΆA ΈE ΉI ΊI ΌO ΎY "
        + "ΏO ΪI ΫY άa έe ήi ίi όo ύy ώo ϊi ϋy ΐi ΰy АA БB ВV ГG ДD ЕE ЁE ЖZh ЗZ ИI ЙY КK ЛL МM НN ОO ПP РR "
        + "СS ТT УU ФF ХKh ЦTs ЧCh ШSh ЩSht ЪA ЫY ЬY ЭE ЮYu ЯYa ІI ЇI ЄYe ҐG ЈJ ЂDj ЉLj ЊNj ЋC ЏDz ЅDz ЃG ЌK "
        + "ЎU аa бb вv гg дd еe ёe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щsht ъa ыy "
        + "ьy эe юyu яya іi їi єye ґg јj ђdj љlj њnj ћc џdz ѕdz ѓg ќk ўu";

    /// <summary>A letter outside Latin-1 and its letter without an accent, in pairs.</summary>
    private const string Letters =
        "ĀAāaĂAăaĄAąaĆCćcĈCĉcĊCċcČCčcĎDďdĐDđdĒEēeĔEĕeĖEėeĘEęeĚEěeĜGĝgĞGğgĠGġgĢGģgĤHĥhĦHħhĨIĩiĪIīiĬIĭiĮIįiİI"
        + "ıiĴJĵjĶKķkĸkĹLĺlĻLļlĽLľlŁLłlŃNńnŅNņnŇNňnŊNŋnŌOōoŎOŏoŐOőoŔRŕrŖRŗrŘRřrŚSśsŜSŝsŞSşsŠSšsŢTţtŤTťtŦTŧtŨU"
        + "ũuŪUūuŬUŭuŮUůuŰUűuŲUųuŴWŵwŶYŷyŸYŹZźzŻZżzŽZžzſsƏAƒfƠOơoƯUưuƷZǍAǎaǏIǐiǑOǒoǓUǔuǕUǖuǗUǘuǙUǚuǛUǜuǞAǟaǠA"
        + "ǡaǦGǧgǨKǩkǪOǫoǬOǭoǰjǴGǵgǸNǹnǺAǻaȀAȁaȂAȃaȄEȅeȆEȇeȈIȉiȊIȋiȌOȍoȎOȏoȐRȑrȒRȓrȔUȕuȖUȗuȘSșsȚTțtȞHȟhȦAȧaȨE"
        + "ȩeȪOȫoȬOȭoȮOȯoȰOȱoȲYȳyḀAḁaḂBḃbḄBḅbḆBḇbḈCḉcḊDḋdḌDḍdḎDḏdḐDḑdḒDḓdḔEḕeḖEḗeḘEḙeḚEḛeḜEḝeḞFḟfḠGḡgḢHḣhḤHḥh"
        + "ḦHḧhḨHḩhḪHḫhḬIḭiḮIḯiḰKḱkḲKḳkḴKḵkḶLḷlḸLḹlḺLḻlḼLḽlḾMḿmṀMṁmṂMṃmṄNṅnṆNṇnṈNṉnṊNṋnṌOṍoṎOṏoṐOṑoṒOṓoṔPṕpṖP"
        + "ṗpṘRṙrṚRṛrṜRṝrṞRṟrṠSṡsṢSṣsṤSṥsṦSṧsṨSṩsṪTṫtṬTṭtṮTṯtṰTṱtṲUṳuṴUṵuṶUṷuṸUṹuṺUṻuṼVṽvṾVṿvẀWẁwẂWẃwẄWẅwẆWẇw"
        + "ẈWẉwẊXẋxẌXẍxẎYẏyẐZẑzẒZẓzẔZẕzẖhẗtẘwẙyẛsẠAạaẢAảaẤAấaẦAầaẨAẩaẪAẫaẬAậaẮAắaẰAằaẲAẳaẴAẵaẶAặaẸEẹeẺEẻeẼEẽe"
        + "ẾEếeỀEềeỂEểeỄEễeỆEệeỈIỉiỊIịiỌOọoỎOỏoỐOốoỒOồoỔOổoỖOỗoỘOộoỚOớoỜOờoỞOởoỠOỡoỢOợoỤUụuỦUủuỨUứuỪUừuỬUửuỮU"
        + "ữuỰUựuỲYỳyỴYỵyỶYỷyỸYỹy";

    /// <summary>A letter of Latin-1 and its letter of ASCII, in pairs.</summary>
    private const string Latin1Letters =
        "ÀAÁAÂAÃAÄAÅAÇCÈEÉEÊEËEÌIÍIÎIÏIÑNÒOÓOÔOÕOÖOÙUÚUÛUÜUÝYàaáaâaãaäaåaçcèeéeêeëeìiíiîiïiñnòoóoôoõoöoùu"
        + "úuûuüuýyÿyØOøoÐDðd";

    /// <summary>A combining mark, then letters and what they are with it, in pairs.</summary>
    private static readonly string[] Marks =
    [
        "\u0300AÀEÈIÌOÒUÙaàeèiìoòuù",
        "\u0301AÁEÉIÍOÓUÚYÝaáeéiíoóuúyý",
        "\u0302AÂEÊIÎOÔUÛaâeêiîoôuû",
        "\u0303AÃNÑOÕaãnñoõ",
        "\u0308AÄEËIÏOÖUÜaäeëiïoöuüyÿ",
        "\u030AAÅaå",
        "\u0327CÇcç",
    ];

    /// <summary>Text for a character that Latin-1 does not have.</summary>
    public static FrozenDictionary<char, string> ToLatin1 { get; } = Pairs(Letters)
        .Concat(Replacements.Split(' ').Select(static entry => KeyValuePair.Create(entry[0], entry[1..])))
        .ToFrozenDictionary();

    /// <summary>Text for a character of Latin-1 that ASCII does not have.</summary>
    public static FrozenDictionary<char, string> ToAscii { get; } = Pairs(Latin1Letters)
        .Concat([new('ß', "ss"), new('Æ', "AE"), new('æ', "ae"), new('Þ', "Th"), new('þ', "th"), new('°', "o")])
        .Concat([new('º', "o"), new('ª', "a"), new('«', "'"), new('»', "'"), new('\u00A0', " ")])
        .ToFrozenDictionary();

    /// <summary>A letter and the mark that follows it, as one character of Latin-1.</summary>
    public static FrozenDictionary<(char Letter, char Mark), char> Composed { get; } = Marks
        .SelectMany(static line => Pairs(line[1..]).Select(
            pair => KeyValuePair.Create((pair.Key, line[0]), pair.Value[0])))
        .ToFrozenDictionary();

    private static IEnumerable<KeyValuePair<char, string>> Pairs(string pairs)
    {
        for (var i = 0; i < pairs.Length; i += 2)
            yield return KeyValuePair.Create(pairs[i], pairs[(i + 1)..(i + 2)]);
    }
}
