package seed

import "strings"

// script holds names in one script.
type script struct {
	first, last []string
	joined      bool // the last name comes first, without a space
}

// scriptOf returns the script of an account's names: half of a crowd has plain Latin letters.
func scriptOf(h uint64) script {
	switch h % 100 / 10 {
	case 5, 6:
		return accented
	case 7:
		return greek
	case 8:
		return cyrillic
	case 9:
		return eastern[h/19%uint64(len(eastern))]
	}
	return latin
}

var (
	latin = script{
		first: strings.Fields(`Adam Agnes Alan Alice Amanda Andrew Anna Anthony Arthur Barbara Benjamin Brenda Brian Carl Caroline Charles
			Christine Daniel David Deborah Dennis Diana Donald Edward Elizabeth Emily Eric Frances Frank George Grace Hannah Harold
			Helen Henry Irene Isaac Jack James Jane Janet Jason Jennifer John Joseph Julia Karen Kevin Laura Lawrence Linda Louis
			Margaret Maria Mark Martin Mary Matthew Michael Nancy Nathan Nicholas Nora Oliver Pamela Patrick Paul Peter Rachel Ralph
			Rebecca Richard Robert Rose Ruth Samuel Sandra Sarah Scott Sharon Simon Sophie Stephen Susan Teresa Thomas Timothy
			Ursula Victor Victoria Vincent Walter Wendy William Yolanda Zachary`),
		last: strings.Fields(`Abbott Adams Allen Anderson Andrews Armstrong Atkinson Bailey Baker Barker Barnes Bennett Berry Blair Booth
			Bradley Brooks Brown Burke Burns Burton Butler Campbell Carpenter Carr Carter Chapman Clark Cole Collins Cook Cooper Cox
			Craig Crawford Cross Curtis Davidson Davies Dawson Dean Dixon Douglas Doyle Duncan Dunn Edwards Elliott Ellis Evans
			Ferguson Fisher Fleming Fletcher Ford Foster Fowler Fox Francis Fraser Freeman Gardner Gibson Gordon Graham Grant Gray
			Green Griffin Hale Hall Hamilton Hansen Harper Harris Harrison Hart Harvey Hawkins Hayes Henderson Hill Hudson Hughes
			Hunt Hunter Jackson Jenkins Johnson Jones Kelly Kennedy King Knight Lambert Lawson Lewis Lloyd Long Marsh Marshall Mason
			May Miller Mills Mitchell Moore Morgan Morris Murphy Murray Nelson Newman Newton Nicholson O'Brien O'Connor Palmer Parker
			Payne Pearce Perry Phillips Porter Powell Price Reed Reynolds Rice Richards Roberts Rogers Ross Russell Ryan Saunders Scott
			Shaw Simpson Smith Spencer Stevens Stewart Stone Sullivan Taylor Thompson Turner Walker Wallace Walsh Ward Watson Webb
			Wells West White Williams Wilson Wood Wright Young`),
	}
	accented = script{
		first: strings.Fields(`André Björn Chloé Dániel Élodie François Göran Hélène Íñigo José Jürgen Łucja Maëlle Márton Niccolò Noël Ömer Øyvind
			Renée René Šimon Søren Thérèse Tomáš Ümit Žofia Zoë Jean-Luc Anne-Sophie Aïcha`),
		last: strings.Fields(`Åkesson Bäcker Béranger Çelik Dvořák Ferreira-Araújo Fernández García Gönçalves Groß Ibáñez Jørgensen Kovács Lindström
			López Łukasik Müller Muñoz Němec Núñez Öztürk Pérez Sánchez Schäfer Škoda Sørensen Strauß Tóth Vågen Wójcik Żak`),
	}
	greek = script{
		first: strings.Fields(`Αλέξανδρος Άννα Γεώργιος Δέσποινα Ελένη Ιωάννης Κατερίνα Κώστας Μαρία Νίκος Παναγιώτης Σοφία Χρήστος`),
		last:  strings.Fields(`Αντωνίου Βασιλείου Γεωργίου Δημητρίου Ιωάννου Κωνσταντίνου Νικολάου Παπαδάκης Παπαδόπουλος Σταύρου Χατζής`),
	}
	cyrillic = script{
		first: strings.Fields(`Александр Алексей Анна Борис Виктор Галина Дмитрий Екатерина Елена Иван Ирина Мария Наталья Николай Ольга Пётр Сергей Татьяна Юлия`),
		last:  strings.Fields(`Андреев Васильев Волков Егоров Захаров Иванов Козлов Лебедев Морозов Новиков Павлов Петров Попов Семёнов Смирнов Соколов Чайковский`),
	}
	// Registration refuses a word in two scripts, so each name has only one.
	eastern = [...]script{
		{first: strings.Fields(`太郎 花子 健一 美咲`), last: strings.Fields(`山田 佐藤 鈴木 高橋`), joined: true},
		{first: strings.Fields(`小明 伟 芳 秀英 娜`), last: strings.Fields(`王 李 张 刘 陈`), joined: true},
		{first: strings.Fields(`민수 지영 서연 현우`), last: strings.Fields(`김 이 박 최`), joined: true},
		{first: strings.Fields(`محمد فاطمة أحمد عائشة`), last: strings.Fields(`حسن علي عمر`)},
		{first: strings.Fields(`יעל דוד`), last: strings.Fields(`כהן לוי`)},
	}
)

// Other attributes of accounts.
var (
	titles      = []string{"Analyst", "Associate", "Director", "Economist", "Operations Manager", "Portfolio Manager", "Research Analyst", "Sales Manager", "Strategist", "Trader", "Vice President"}
	departments = []string{"Compliance", "Equities", "Fixed Income", "Foreign Exchange", "Operations", "Research", "Technology"}
	places      = []string{"Frankfurt", "Hong Kong", "London", "New York", "Paris", "Singapore", "São Paulo", "Tokyo", "Zürich"}
	markets     = []string{"APAC", "EMEA", "LATAM", "NAM"}
)
